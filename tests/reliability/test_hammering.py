"""Processes with threads that all write, recall and forget on one file: no lost write, nothing forgotten seen again."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import pytest
from acts import Act, after, agrees, spoken

PROCESSES, THREADS = 4, 4
SECONDS = 30


@pytest.mark.slow
def test_a_crowd_on_one_file_loses_nothing_and_sees_nothing_forgotten(open_bank, start, tmp_path: Path):
    arguments = (THREADS, SECONDS, tmp_path / "gone.txt")
    crowd = [start(tmp_path / "bank.db", f"p{n}t", *arguments, script="crowd.py") for n in range(PROCESSES)]
    told: dict[str, dict] = {}
    for process in crowd:
        out, err = process.communicate(timeout=SECONDS * 10)
        assert process.returncode == 0, err[-2000:]
        told |= json.loads(out)
    assert [wrong for one in told.values() for wrong in one["wrong"]] == []
    assert len(told) == PROCESSES * THREADS
    bank = open_bank()
    held = {name: after(Act(*act) for act in one["done"]) for name, one in told.items()}
    assert [name for name, one in held.items() if not agrees(bank, name, one)] == []
    assert bank.verify() == []
    gone = {spoken(id) for one in held.values() for id in one.forgotten}
    assert not gone & {hit.text for hit in bank.store().recall("", k=100_000)}
    did = Counter(act[0] for one in told.values() for act in one["done"])
    assert set(did) == {"observe", "correct", "retract", "put", "forget", "load", "scrub"}
    counts = sum((Counter(one["counts"]) for one in told.values()), Counter())
    print(f"{sum(did.values())} acts {dict(did)}, {dict(counts)}", file=sys.stderr)
