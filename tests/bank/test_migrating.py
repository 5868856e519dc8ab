"""A bank copied to another database: all of it, once, compared, and taken up where it was cut off."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from agentmem.bank import Bank
from agentmem.bank.migrating import migrate
from agentmem.config import Settings
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import Conflict, Damaged, SchemaMismatch
from agentmem.records import Event

NS = ("acme", "ada")


def opened(place):
    return Bank(place, embedder=HashingEmbedder(), settings=Settings(embedder="hashing"))


@pytest.fixture
def filled(open_bank):
    """A bank of all kinds of rows."""
    bank = open_bank("source.db")
    store = bank.store("episodic", NS)
    events = [
        Event(id=f"e{n}", text=f"plum {n} äß\t“✓”", data={"n": n, "tags": ["a"]}, session="s")
        for n in range(50)
    ]
    store.observe(*events, Event(id="gone", text="a secret"))
    store.correct("e1", "a quince", why="it was none")
    store.retract(["e2"])
    bank.store("keyed", NS).put("k", "v", metadata={"x": None})
    bank.store("task", NS)
    bank.forget(NS, events=["gone"])
    bank.close()
    return bank.database.engine.url.render_as_string(hide_password=False)


def told(place):
    """What a bank tells of itself."""
    with opened(place) as bank:
        assert bank.verify() == []
        lines = io.StringIO()
        bank.export(lines)
        recalled = [(hit.id, round(hit.score, 6)) for hit in bank.store("episodic", NS).recall("plum 7", k=5)]
        history = [version.record.text for version in bank.store("episodic", NS).history("e1")]
        counts = bank.stats().model_dump(exclude={"bytes"})
        return lines.getvalue().splitlines()[1:], recalled, history, counts


@pytest.fixture(params=["file", "server"])
def target(request, tmp_path, fresh_database):
    return str(tmp_path / "target.db") if request.param == "file" else fresh_database("target")


def test_all_of_it_is_there_and_the_source_stays(filled, target):
    before = told(filled)
    made = migrate(filled, target)
    assert made.rows["event"] > 50 and made.rows["vector"] > 50
    assert told(target) == told(filled) == before


def test_both_go_their_own_way_from_there(filled, target):
    migrate(filled, target)
    with opened(target) as there, opened(filled) as here:
        seqs = [bank.store("episodic", NS).observe("a new plum")[0].seq for bank in (there, here)]
        assert seqs[0] == seqs[1]
        there.store("episodic", NS).observe(*(f"more {n}" for n in range(20)))
        assert there.verify() == []


def test_it_may_come_back(filled, target, tmp_path):
    migrate(filled, target)
    migrate(target, str(tmp_path / "back.db"))
    assert told(str(tmp_path / "back.db")) == told(filled)


def test_a_bank_is_never_written_over(filled, target):
    migrate(filled, target)
    before = told(target)
    with pytest.raises(Conflict, match="is a bank already"):
        migrate(filled, target)
    assert told(target) == before


class Cut(Exception):
    """Where a copy is cut off."""


def cut_after(calls):
    """What cuts a copy off after so many parts."""
    left = [calls]

    def watch(stage, done, total):
        left[0] -= 1
        if not left[0]:
            raise Cut

    return watch


@pytest.mark.parametrize("calls", [1, 9, 15])
def test_cut_off_it_goes_on_and_is_no_bank_meanwhile(filled, target, monkeypatch, calls):
    monkeypatch.setattr("agentmem.db.copying.AT_ONCE", 20)
    with pytest.raises(Cut):
        migrate(filled, target, cut_after(calls))
    with pytest.raises(SchemaMismatch, match="not all is there"):
        opened(target)
    parts: list[str] = []
    made = migrate(filled, target, lambda stage, done, total: parts.append(stage))
    whole = sum(-(-rows // 20) for rows in made.rows.values())
    assert len([stage for stage in parts if stage != "compared"]) == whole - min(calls, whole)
    assert told(target) == told(filled)


def test_where_the_source_was_written_to_it_begins_anew(filled, target, monkeypatch):
    monkeypatch.setattr("agentmem.db.copying.AT_ONCE", 20)
    with pytest.raises(Cut):
        migrate(filled, target, cut_after(5))
    with opened(filled) as bank:
        bank.store("episodic", NS).observe(Event(id="late", text="a late plum"))
        bank.forget(NS, events=["e3"])
    migrate(filled, target)
    assert told(target) == told(filled)


def test_what_differs_is_found(filled, target, monkeypatch):
    monkeypatch.setattr("agentmem.db.copying.AT_ONCE", 20)
    with pytest.raises(Cut):
        migrate(filled, target, cut_after(9))
    from agentmem.db.database import Database

    there = Database(f"sqlite:///{target}" if "://" not in target else target, prepare=False)
    with there.engine.begin() as connection:
        assert connection.exec_driver_sql("UPDATE event SET text = 'forged' WHERE id = 'e1'").rowcount == 1
    there.close()
    with pytest.raises(Damaged, match="table event"):
        migrate(filled, target)


@pytest.mark.slow
def test_a_killed_process_is_taken_up(filled, target):
    script = (
        "import sys, os, signal\n"
        "from agentmem.db import copying\n"
        "copying.AT_ONCE = 10\n"
        "from agentmem.bank.migrating import migrate\n"
        "parts = []\n"
        "def watch(*told):\n"
        "    parts.append(told)\n"
        "    if len(parts) == int(sys.argv[3]): os.kill(os.getpid(), signal.SIGKILL)\n"
        "migrate(sys.argv[1], sys.argv[2], watch)\n"
    )
    for parts in (3, 5, 8):
        ended = subprocess.run([sys.executable, "-c", script, filled, target, str(parts)], check=False)
        assert ended.returncode == -9
    migrate(filled, target)
    assert told(target) == told(filled)
