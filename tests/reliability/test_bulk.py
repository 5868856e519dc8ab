"""Bulk work on workers of Ray: what one process would have made, also where workers are killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agentmem.bank import Bank
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.records import Event

pytest.importorskip("ray")
N = 240
SCRIPT = "bulk_process.py"
CALLS = """
import json, os, threading
from pathlib import Path
from agentmem import bulk
from agentmem.errors import InvalidInput

def double(batch):
    if batch == 13:
        raise InvalidInput("an unlucky number", "take another")
    return [2 * batch]

if __name__ == "__main__":
    with bulk.spread(2) as spread:
        print(json.dumps(list(spread(double, range(12)))))
        print(json.dumps(list(spread(double, []))))
        done = spread(double, iter(range(20)))
        print(json.dumps([next(done) for _ in range(13)]))
        try:
            next(done)
        except InvalidInput as error:
            print(type(error).__name__, error)
        try:
            list(spread(threading.Lock().acquire, [1]))
        except InvalidInput as error:
            print("sent" in str(error))
        own = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        begun = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in own]
    print(any(b"raylet" in one for one in begun), any(b"dashboard.py" in one for one in begun))
    print(os.environ["RAY_USAGE_STATS_ENABLED"])
"""


def filled(open_bank, name: str) -> Bank:
    bank = open_bank(name)
    bank.store().observe(
        *(Event(id=f"e{i}", text=f"The swallow number {i % 200} saw the harbour.") for i in range(N))
    )
    return bank


def vectors(bank: Bank) -> list[tuple]:
    with bank.database.read() as connection:
        asked = "SELECT digest, embedder, part, data FROM vector ORDER BY digest, embedder, part"
        return [tuple(map(bytes_of, row)) for row in connection.exec_driver_sql(asked)]


def bytes_of(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def begun(folder: Path) -> list[int]:
    return [
        int(file.name.partition("-")[0]) for file in sorted(folder.iterdir(), key=lambda f: f.stat().st_mtime)
    ]


@pytest.mark.slow
def test_killed_workers_lose_nothing_and_the_vectors_are_those_of_one_process(
    open_bank, start, tmp_path: Path
):
    one, several = filled(open_bank, "bank.db"), filled(open_bank, "several.db")
    one.reembed(HashingEmbedder(32))
    folder = tmp_path / "begun"
    folder.mkdir()
    process = start(tmp_path / "several.db", 2, folder, script=SCRIPT)
    assert process.stdout.readline() == "ready\n"
    killed: set[int] = set()
    until = time.monotonic() + 60
    while len(killed) < 3 and time.monotonic() < until:
        for pid in begun(folder)[-1:]:
            if pid not in killed:
                killed.add(pid)
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    assert len(killed) == 3
    out, err = process.communicate(timeout=120)
    assert out.split() == ["done", "200", "200"], err
    assert len(set(begun(folder)) - killed) >= 1
    assert len(begun(folder)) > 20  # those that were killed were begun again
    assert vectors(one) == vectors(several)
    reopened = open_bank("several.db", embedder=HashingEmbedder(32))
    assert reopened.verify() == []


@pytest.mark.slow
def test_a_run_that_is_killed_with_its_workers_goes_on_where_it_was(open_bank, start, tmp_path: Path):
    one, several = filled(open_bank, "bank.db"), filled(open_bank, "several.db")
    one.reembed(HashingEmbedder(32))
    folder = tmp_path / "begun"
    folder.mkdir()
    process = start(tmp_path / "several.db", 2, folder, script=SCRIPT)
    assert process.stdout.readline() == "ready\n"
    while len(begun(folder)) < 8:
        time.sleep(0.05)
    workers = set(begun(folder))
    process.kill()
    process.communicate()
    kept = {row[0] for row in vectors(several) if row[1] == "hashing-32"}
    assert kept
    until = time.monotonic() + 30
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)
    process = start(tmp_path / "several.db", 0, folder, script=SCRIPT)
    out, err = process.communicate(timeout=60)
    assert out.split() == ["ready", "done", str(200 - len(kept)), "200"], err
    assert vectors(one) == vectors(several)


def test_results_come_in_order_and_errors_as_they_were_raised(tmp_path: Path):
    script = tmp_path / "calls.py"
    script.write_text(CALLS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.splitlines() == [
        str([[2 * n] for n in range(12)]),
        "[]",
        str([[2 * n] for n in range(13)]),
        "InvalidInput an unlucky number (take another)",
        "True",
        "True False",  # its dashboard would ask the metadata services of clouds
        "0",
    ]
