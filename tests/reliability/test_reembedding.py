"""A change of the embedder that is killed in the middle goes on where it was, and nobody was kept from the bank."""

from __future__ import annotations

import os
import random
import signal
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from agentmem.bank import Bank
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import EmbedderMismatch
from agentmem.records import Event
from agentmem.testing.looking import answers, exported

pytestmark = pytest.mark.slow
SCRIPT = "reembedding_process.py"
N = 240
QUESTIONS = ["Where are the swallows?", "swallow number 7", "The red harbour", ""]
COLOURS = ("red", "green", "blue", "white", "black", "grey", "brown")
PLACES = ("harbour", "orchard", "lighthouse", "station", "river")


def fill(bank: Bank) -> None:
    bank.store().observe(
        *(
            Event(id=f"e{i}", text=f"The swallow number {i} saw the {COLOURS[i % 7]} {PLACES[i % 5]}.")
            for i in range(N)
        )
    )
    bank.store().correct("e5", "It saw nothing.")


def told(bank: Bank, clock) -> dict:
    return answers(bank.store(), QUESTIONS, clock.now + timedelta(days=1))


def has(bank: Bank, embedder: str) -> int:
    with bank.database.read() as connection:
        asked = text("SELECT count(DISTINCT digest) FROM vector WHERE embedder = :embedder")
        return int(connection.execute(asked, {"embedder": embedder}).scalar_one())


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_any_moment_it_goes_on_where_it_was(open_bank, start, tmp_path: Path, clock, seed: int):
    choice = random.Random(seed)
    old = open_bank()
    fill(old)
    before = told(old, clock)
    texts = has(old, "hashing-64")
    made = 0
    for _ in range(3):
        process = start(tmp_path / "bank.db", script=SCRIPT)
        assert process.stdout.readline().split()[0] == "ready"
        heard = [process.stdout.readline().split() for _ in range(choice.randint(2, 7))]
        time.sleep(choice.random() * 0.02)
        os.kill(process.pid, signal.SIGKILL)
        heard += [line.split() for line in process.communicate()[0].splitlines()]
        assert "done" not in {line[0] for line in heard}
        # What was embedded is kept, but for the batch at which it was killed.
        assert sum(int(line[1]) for line in heard if line[0] == "embed") >= has(old, "hashing-32") - made
        assert has(old, "hashing-32") >= made
        made = has(old, "hashing-32")
        assert told(old, clock) == before
        assert old.verify() == []
    assert 0 < made < texts
    process = start(tmp_path / "bank.db", script=SCRIPT)
    heard = [line.split() for line in process.communicate(timeout=60)[0].splitlines()]
    assert heard[-1] == ["done", str(texts - made), str(texts)]
    assert sum(int(line[1]) for line in heard if line[0] == "embed") == texts - made
    agrees(open_bank, old, clock)


def test_killed_after_the_switch_the_old_vectors_go_later(open_bank, start, tmp_path: Path, clock):
    old = open_bank()
    fill(old)
    told(old, clock)
    process = start(tmp_path / "bank.db", script=SCRIPT)
    while process.stdout.readline() != "erase\n":
        pass
    process.stdout.readline()
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert 0 < has(old, "hashing-64") < has(old, "hashing-32")
    new = open_bank(embedder=HashingEmbedder(32))
    assert new.verify() == []
    agrees(open_bank, old, clock)
    assert new.reembed(HashingEmbedder(32)).erased > 0
    assert has(old, "hashing-64") == 0


def agrees(open_bank, old: Bank, clock) -> None:
    """All answers are those of a bank that had the new embedder from the start; the old one is told."""
    new = open_bank(embedder=HashingEmbedder(32))
    fresh = open_bank("fresh.db", embedder=HashingEmbedder(32))
    fresh.load(exported(new))
    assert told(new, clock) == told(fresh, clock)
    assert new.verify() == []
    for attempt in (lambda: old.store().recall("swallow"), lambda: old.store().observe("more")):
        with pytest.raises(EmbedderMismatch, match="open the bank with 'hashing-32'"):
            attempt()
    assert new.store().observe(Event(id="after", text="after"))[0].status == "stored"


def test_a_process_is_served_until_the_switch_and_told_after_it(open_bank, start, tmp_path: Path, clock):
    fill(open_bank())
    process = start(tmp_path / "bank.db", script=SCRIPT)
    assert process.stdout.readline().split()[0] == "ready"
    old = open_bank()
    before = told(old, clock)
    served = 0
    while process.poll() is None:
        try:
            assert told(old, clock) == before
            served += 1
        except EmbedderMismatch:
            break
    assert served
    assert process.communicate(timeout=60)[0].splitlines()[-1].startswith("done")
    agrees(open_bank, old, clock)
