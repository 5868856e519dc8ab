"""Several processes on one file, and processes that are killed: nothing acknowledged is lost, nothing is doubled."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from writing import Noting

from agentmem.bank.derive import LEASE
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.records import Event

pytestmark = pytest.mark.slow
NS = ("default",)
SECRET = "The xylograph hides behind nineteen quinces."


def lines(process) -> list[list[str]]:
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    return [line.split() for line in out.splitlines()]


def test_two_processes_with_four_threads_each_lose_and_double_nothing(open_bank, start, tmp_path: Path):
    path = tmp_path / "bank.db"
    processes = [start(path, "threads", name, 4, 25) for name in ("left", "right")]
    told = [line for process in processes for line in lines(process)]
    assert {line[0] for line in told} == {"stored"}
    seqs = [int(line[2]) for line in told]
    assert len(set(seqs)) == len(seqs) == 200
    bank = open_bank()
    kept = bank.view(NS).events()
    assert sorted(event.id for event in kept) == sorted(line[1] for line in told)
    assert {event.id: event.seq for event in kept} == {line[1]: int(line[2]) for line in told}
    for name in ("left", "right"):
        for thread in range(4):
            own = [event.seq for event in kept[::-1] if event.id.startswith(f"{name}-{thread}-")]
            assert own == sorted(own)
    assert bank.verify() == []


def test_eight_processes_may_make_a_bank_at_once(open_bank, start, tmp_path: Path):
    processes = [start(tmp_path / "bank.db", "observe", f"p{n}", 5, "embed") for n in range(8)]
    told = [line for process in processes for line in lines(process)]
    assert [line[0] for line in told] == ["stored"] * 40
    bank = open_bank()
    assert bank.stats().events == 40
    assert bank.verify() == []


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("embed", ["embed", "later"])
def test_a_killed_process_loses_nothing_that_it_acknowledged(
    open_bank, start, tmp_path: Path, seed: int, embed: str
):
    choice = random.Random(f"{seed} {embed}")
    process = start(tmp_path / "bank.db", "observe", "killed", 100_000, embed)
    stop_at = choice.randint(1, 80)
    acknowledged = [process.stdout.readline().split() for _ in range(stop_at)]
    time.sleep(choice.random() * 0.02)
    process.kill()
    acknowledged += [line.split() for line in process.communicate()[0].splitlines() if line.count(" ") == 2]
    bank = open_bank()
    kept = {event.id for event in bank.view(NS).events()}
    assert {line[1] for line in acknowledged} <= kept
    assert len(kept) <= len(acknowledged) + 2
    if embed == "later":
        assert bank.stats().waiting_for_vectors == len(kept)

    class Down(HashingEmbedder):
        """Found by its text alone, before any vector is made."""

        def embed(self, texts):
            from agentmem.errors import Unavailable

            raise Unavailable("not now")

    last = acknowledged[-1][1]
    number = last.partition("-")[2]
    by_text = open_bank(embedder=Down()).store().recall(f"swallow number {number}", k=3)
    assert last in {hit.id for hit in by_text}
    hit = bank.store().recall(f"The killed swallow number {number} is back.", k=3)[0]
    assert hit.parts["dense"] != 0 or len(kept) == 1
    assert bank.stats().waiting_for_vectors == 0
    assert bank.store().observe(Event(id="after", text="after"))[0].status == "stored"
    assert bank.verify() == []


def test_what_a_killed_process_was_thinking_about_is_taken_over(open_bank, start, tmp_path: Path, clock):
    process = start(tmp_path / "bank.db", "thinking")
    assert process.stdout.readline() == "ready\n"
    bank = open_bank()
    deadline = time.monotonic() + 30
    while not any(item.state == "running" for item in bank.pending(NS)):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.kill()
    process.communicate()
    assert [event.id for event in bank.view(NS).events()] == ["thought"]
    store = bank.store(Noting)
    lease = store.pending()[0].lease_until
    clock.now = lease - LEASE
    assert [item.state for item in store.retry()] == ["running"]
    clock.now = lease
    clock.forward(seconds=1)
    assert store.retry() == []
    assert [record.text for record in store.select()] == ["note of thought"]
    assert bank.verify() == []


@pytest.mark.on_file
def test_scrub_reaches_all_files_while_another_process_holds_the_bank(open_bank, start, tmp_path: Path):
    bank = open_bank()
    bank.store().observe(Event(id="s", text=SECRET), *(f"filler {n} " * 20 for n in range(50)))
    vector = HashingEmbedder().embed([SECRET])[0].astype("<f2").tobytes()
    traces = [b"xylograph", b"quinces", vector]

    def found() -> list[bytes]:
        return [trace for trace in traces for file in tmp_path.iterdir() if trace in file.read_bytes()]

    assert {*found()} == {*traces}
    other = start(tmp_path / "bank.db", "holding", "xylograph")
    assert int(other.stdout.readline().split()[1]) > 0
    bank.forget(NS, events=["s"])
    left = bank.scrub(wait_seconds=0.3)
    assert any("another process is still reading" in one for one in left)
    other.stdin.write("\n")
    other.stdin.flush()
    # It sees at once that the event is gone, and holds the bank open still.
    assert other.stdout.readline().split() == ["let", "go", "0"]
    assert bank.scrub() == []
    assert found() == []
    other.stdin.write("\n")
    other.communicate(timeout=30)
    assert other.returncode == 0
    assert found() == []
    assert bank.verify() == []


def test_what_another_process_forgets_is_out_of_an_open_bank(open_bank, start, tmp_path: Path):
    store = open_bank().store()
    store.observe(Event(id="s", text=SECRET), "else")
    assert store.recall("xylograph")[0].id == "s"
    assert lines(start(tmp_path / "bank.db", "forget", "s")) == [["forgotten"]]
    assert "s" not in {hit.id for hit in store.recall("xylograph", floor=False)}
    assert store.bank.verify() == []
