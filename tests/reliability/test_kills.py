"""Writers killed at any moment: what they acknowledged is there, what they had begun is there whole or not at all."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest
from acts import NS, Act, Held, after, agrees, exported, spoken

from agentmem.records import Event

pytestmark = pytest.mark.slow
KILLS = 20


def killed(nursery, path: Path | str, name: str, choice: random.Random) -> tuple[list[Act], Act | None]:
    """Let a writer live for a while: what it acknowledged, and what it had begun when it died."""
    print(path, name, choice.random(), file=nursery.stdin, flush=True)
    word, child = nursery.stdout.readline().split()
    assert word == "born"
    done: list[Act] = []
    begun: Act | None = None
    told = choice.choice([0, 1, 3, choice.randrange(60)])
    for _ in range(told):
        begun = heard(nursery.stdout.readline(), done, begun)
    time.sleep(choice.random() * choice.choice([0.002, 0.02, 0.1]))
    os.kill(int(child), signal.SIGKILL)
    while (line := nursery.stdout.readline()) != "end\n":
        begun = heard(line, done, begun)
    return done, begun


def heard(line: str, done: list[Act], begun: Act | None) -> Act | None:
    """Note what a line tells; what is begun and not done after it."""
    word, _, told = line.partition(" ")
    assert word in ("begin", "done"), line
    act = Act.of(told)
    if word == "begin":
        return act
    assert act == begun
    done.append(act)
    return None


@pytest.mark.parametrize("seed", range(5))
def test_a_hundred_killed_writers_leave_what_they_acknowledged(
    open_bank, locate, start, tmp_path: Path, seed: int
):
    choice = random.Random(seed)
    nursery = start(script="nursery.py")
    path = locate(tmp_path / "bank.db")
    left: dict[str, Held] = {}
    for n in range(KILLS):
        name = f"w{n}"
        done, begun = killed(nursery, path, name, choice)
        with open_bank() as bank:
            without = after(done)
            ways = [without] if begun is None else [without, after([*done, begun])]
            there = [held for held in ways if agrees(bank, name, held)]
            assert there, (name, done, begun)
            left[name] = there[0]
            assert bank.verify() == []
            if texts := [text for text, state in there[0].said.values() if state == "live"]:
                assert texts[-1] in {hit.text for hit in bank.store().recall(texts[-1], k=50)}
    bank = open_bank()
    for name, held in left.items():
        assert agrees(bank, name, held)
    assert bank.store().observe(Event(id="after", text="life goes on"))[0].status == "stored"
    gone = [id for held in left.values() for id in held.forgotten]
    for id in gone[:5]:
        assert bank.store().observe(Event(id=id, text=spoken(id)))[0].status == "forgotten"
    assert bank.load(exported(gone)).stored == 0
    left = bank.scrub()
    if bank.database.path is not None:
        assert left == []
        written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        assert not [id for id in gone if spoken(id).encode() in written]
    assert bank.stats(NS).forgotten == len(gone)
