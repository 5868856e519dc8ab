"""Retention: what is beyond a rule leaves, oldest first, to an archive that brings it back as it was."""

from __future__ import annotations

import errno
import json
import pickle
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentmem.bank import Bank, Retention, SweepStopped
from agentmem.db import sizes
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import Conflict, InvalidInput, NotFound, Unavailable
from agentmem.files import write_new
from agentmem.records import Event
from agentmem.testing import HandClock

NS = ("acme", "ada")
STORES = ("episodic", "profile", "keyed", "layered")


def said(bank: Bank, clock: HandClock, days: int = 10, namespace=NS) -> None:
    """A message a day, e0, e1, …; of profile and layered memory, too."""
    for store in STORES:
        bank.store(store, namespace)
    for n in range(days):
        bank.store("episodic", namespace).observe(
            Event(id=f"e{n}", text=f"I like kettle number {n}.", session=f"s{n // 5}", data={"n": n})
        )
        clock.forward(days=1)


def held(bank: Bank, namespace=NS) -> dict:
    """All that is recalled of the observations, by store, as it stands."""
    found = {
        name: [one.model_dump(exclude={"from_seq", "to_seq"}) for one in bank.store(name, namespace).select()]
        for name in STORES
    }
    return {name: sorted(records, key=lambda record: record["id"]) for name, records in found.items()}


def live(bank: Bank, namespace=NS) -> list[str]:
    return [event.id for event in bank.view(namespace).events()][::-1]


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        (Retention(max_events=4), ["e6", "e7", "e8", "e9"]),
        (Retention(max_age_days=3.5), ["e7", "e8", "e9"]),
        (Retention(max_age_days=3.5, max_events=2), ["e8", "e9"]),
        (Retention(max_events=0), []),
        (Retention(max_events=100, max_age_days=100, max_bytes=1_000_000), [f"e{n}" for n in range(10)]),
    ],
)
def test_the_oldest_beyond_a_limit_leave(bank, clock, rule, left):
    said(bank, clock)
    bank.retain(NS, rule)
    foreseen = bank.sweep(dry_run=True)
    assert sum(one.events for one in foreseen) == 10 - len(left)
    assert live(bank) == [f"e{n}" for n in range(10)]
    swept = bank.sweep()
    assert sum(one.events for one in swept) == 10 - len(left)
    assert live(bank) == left
    assert {hit.id for hit in bank.store("episodic", NS).recall("kettle number", k=20)} == set(left)
    assert bank.sweep() == []
    assert bank.verify() == []


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text("aé猫😀 ", max_size=30), min_size=1, max_size=12), most=st.integers(0, 300))
def test_a_quota_is_the_bytes_of_the_newest_that_fit(texts: list[str], most: int):
    with Bank("sqlite://", embedder=HashingEmbedder()) as bank:
        bank.store("episodic", NS).observe(
            *(Event(id=f"e{n}", text=text) for n, text in enumerate(texts)), embed=False
        )
        bank.retain(NS, Retention(max_bytes=most))
        bank.sweep()
        kept, total = [], 0
        for n, text in reversed(list(enumerate(texts))):
            total += len(text.encode())
            if total > most:
                break
            kept.append(f"e{n}")
        assert live(bank) == kept[::-1]


def test_a_rule_is_heeded_by_those_under_it_that_have_none(bank, clock):
    other = ("acme", "ada", "work")
    elsewhere = ("acm",)
    for namespace in (NS, other, elsewhere):
        said(bank, clock, 3, namespace)
    bank.retain(("acme",), Retention(max_events=1))
    bank.retain(other, Retention(max_events=2))
    assert [(one.namespace, one.events) for one in bank.sweep(("acme",))] == [(NS, 2), (other, 1)]
    assert live(bank, elsewhere) == ["e0", "e1", "e2"]
    bank.retain(other, None)
    assert [(one.namespace, one.events) for one in bank.sweep()] == [(other, 1)]
    assert bank.retentions() == {("acme",): Retention(max_events=1)}


def test_what_people_put_stays_though_it_is_old(bank, clock):
    bank.store("keyed", NS).put("colour", "red")
    said(bank, clock)
    bank.retain(NS, Retention(max_age_days=1))
    bank.sweep()
    assert [record.text for record in bank.store("keyed", NS).select()] == ["red"]


def test_an_archive_brings_everything_back_to_where_it_was(bank, clock, tmp_path):
    said(bank, clock)
    before, recalled = held(bank), bank.store("profile+episodic", NS).recall("kettle", k=30)
    bank.retain(NS, Retention(max_events=3, archive=str(tmp_path / "kept")))
    (swept,) = bank.sweep()
    (file,) = map(Path, swept.archives)
    assert file.stat().st_mode & 0o777 == 0o600
    assert (bank.stats(NS).archived, bank.stats(NS).events) == (swept.events + swept.operations, 3)
    again = bank.store("episodic", NS).observe(
        Event(id="e0", text="I like kettle number 0.", session="s0", data={"n": 0})
    )
    assert [(receipt.status, bool(receipt.reason)) for receipt in again] == [("archived", True)]
    assert held(bank) != before
    with file.open(encoding="utf-8") as opened:
        report = bank.load(opened)
    assert (report.stored, report.duplicates) == (swept.events + swept.operations, 0)
    assert held(bank) == before
    assert bank.store("profile+episodic", NS).recall("kettle", k=30) == recalled
    assert bank.stats(NS).archived == 0
    assert bank.verify() == []
    with file.open(encoding="utf-8") as opened:
        assert bank.load(opened).stored == 0
    assert [entry.act for entry in bank.audit(NS)] == ["restore", "sweep"]


def test_an_archive_is_an_export_that_another_bank_reads(bank, open_bank, clock, tmp_path):
    said(bank, clock)
    bank.archive(NS, tmp_path / "old.jsonl", before=clock.now - timedelta(days=5))
    other = open_bank("other.db")
    with (tmp_path / "old.jsonl").open(encoding="utf-8") as opened:
        other.load(opened)
    assert live(other) == ["e0", "e1", "e2", "e3", "e4"]
    assert live(bank) == ["e5", "e6", "e7", "e8", "e9"]
    assert other.verify() == []


def test_a_session_is_archived_alone_and_what_is_archived_can_be_forgotten(bank, clock, tmp_path):
    said(bank, clock)
    report = bank.archive(NS, tmp_path / "s0.jsonl", session="s0")
    assert report.events == ("e0", "e1", "e2", "e3", "e4")
    bank.forget(NS, events=["e0"])
    with (tmp_path / "s0.jsonl").open(encoding="utf-8") as opened:
        bank.load(opened)
    assert live(bank) == ["e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8", "e9"]
    assert bank.verify() == []


def test_an_archive_that_was_changed_is_refused_whole(bank, clock, tmp_path):
    said(bank, clock)
    file = tmp_path / "old.jsonl"
    bank.archive(NS, file, before=clock.now)
    changed = file.read_text(encoding="utf-8").replace("kettle number 3", "kettle number 7")
    with pytest.raises(Conflict, match="'e3' of the archive"):
        bank.load(changed.splitlines())
    assert bank.stats(NS).events == 0


def test_nothing_leaves_where_the_archive_cannot_be_written(bank, clock, tmp_path):
    said(bank, clock, 3)
    (tmp_path / "file").write_text("in the way")
    bank.retain(NS, Retention(max_events=0, archive=str(tmp_path / "file" / "folder")))
    with pytest.raises(SweepStopped, match="cannot be written") as stopped:
        bank.sweep()
    assert isinstance(stopped.value.cause, Unavailable) and stopped.value.swept == ()
    with pytest.raises(Conflict, match="is there already"):
        bank.archive(NS, tmp_path / "file", before=clock.now)
    assert live(bank) == ["e0", "e1", "e2"]
    assert [one.name for one in tmp_path.iterdir() if not one.name.startswith("bank.db")] == ["file"]


def test_a_sweep_that_stops_tells_what_had_left(bank, clock, tmp_path):
    first, second, third = (("acme", name) for name in ("a", "b", "c"))
    for namespace in (first, second, third):
        said(bank, clock, 3, namespace)
    (tmp_path / "file").write_text("in the way")
    bank.retain(("acme",), Retention(max_events=1, archive=str(tmp_path / "kept")))
    bank.retain(second, Retention(max_events=0, archive=str(tmp_path / "file" / "folder")))
    with pytest.raises(
        SweepStopped, match=r"in namespace 'acme/b': the archive .* cannot be written"
    ) as raised:
        bank.sweep()
    stopped = pickle.loads(pickle.dumps(raised.value))
    assert stopped.namespace == second
    (swept,) = stopped.swept
    assert (swept.namespace, swept.events, live(bank, first)) == (first, 2, ["e2"])
    assert live(bank, second) == live(bank, third) == ["e0", "e1", "e2"]
    with Path(*swept.archives).open(encoding="utf-8") as opened:
        bank.load(opened)
    assert live(bank, first) == ["e0", "e1", "e2"]
    bank.retain(second, None)
    assert [(one.namespace, one.events) for one in bank.sweep()] == [(first, 2), (second, 2), (third, 2)]
    assert bank.verify() == []


def test_a_sweep_that_stops_in_the_midst_of_a_namespace_tells_the_parts_that_left(
    bank, clock, tmp_path, monkeypatch
):
    monkeypatch.setattr("agentmem.bank.retention.AT_ONCE", 3)
    said(bank, clock)
    bank.retain(NS, Retention(max_events=2, archive=str(tmp_path / "kept")))
    written = []

    def full(target, write):
        if len(written) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(target)
        return write_new(target, write)

    monkeypatch.setattr("agentmem.bank.archiving.write_new", full)
    with pytest.raises(SweepStopped, match="No space left") as stopped:
        bank.sweep()
    (swept,) = stopped.value.swept
    assert (swept.events, swept.archives) == (6, tuple(map(str, written)))
    assert live(bank) == ["e6", "e7", "e8", "e9"]


def test_no_archive_is_left_of_what_stays(bank, clock, tmp_path, monkeypatch):
    said(bank, clock, 3)
    with monkeypatch.context() as broken:
        broken.setattr("agentmem.bank.forgetting.take_out", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            bank.archive(NS, tmp_path / "old.jsonl", before=clock.now)
    assert live(bank) == ["e0", "e1", "e2"]
    assert not (tmp_path / "old.jsonl").exists()
    assert len(bank.archive(NS, tmp_path / "old.jsonl", before=clock.now).events) == 3


def test_archives_of_long_namespaces_have_names_that_fit_and_differ(bank, clock, tmp_path):
    long = ["ä" * 120, "x" * 120]
    for last in ("one", "two"):
        bank.store("episodic", (*long, last)).observe("kept")
    bank.retain((long[0],), Retention(max_events=0, archive=str(tmp_path / "kept")))
    swept = bank.sweep()
    assert len({file for one in swept for file in one.archives}) == 2
    assert all(Path(file).is_file() for one in swept for file in one.archives)


def test_an_archive_holds_what_is_asked_for_and_nothing_else(bank, clock, tmp_path):
    said(bank, clock)
    bank.archive(NS, tmp_path / "old.jsonl", before=clock.now - timedelta(days=8), session="s0")
    lines = [json.loads(line) for line in (tmp_path / "old.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {line["id"] for line in lines if line["kind"] == "event" and "store" not in line} == {"e0", "e1"}
    assert lines[-1]["kind"] == "end"


def test_many_leave_in_parts(bank, clock, tmp_path, monkeypatch):
    monkeypatch.setattr("agentmem.bank.retention.AT_ONCE", 3)
    said(bank, clock)
    bank.retain(NS, Retention(max_events=2, archive=str(tmp_path / "kept")))
    (swept,) = bank.sweep()
    assert (swept.events, len(swept.archives)) == (8, 3)
    assert len(set(swept.archives)) == 3


def test_rules_and_archives_that_cannot_be_are_refused(bank, tmp_path):
    with pytest.raises(InvalidInput, match="no limit"):
        bank.retain(NS, Retention(archive="somewhere"))
    with pytest.raises(ValueError, match="greater than 0"):
        Retention(max_age_days=0)
    with pytest.raises(NotFound):
        bank.archive(NS, tmp_path / "a.jsonl", session="s")
    bank.store("episodic", NS).observe("x")
    with pytest.raises(InvalidInput, match="nothing is named"):
        bank.archive(NS, tmp_path / "a.jsonl")
    with pytest.raises(NotFound, match="no session 'moon'"):
        bank.archive(NS, tmp_path / "a.jsonl", session="moon")
    assert not (tmp_path / "a.jsonl").exists()


def test_growth_is_told_by_day_and_by_namespace(bank, clock):
    said(bank, clock, 3)
    bank.store("episodic", ("acm",)).observe("猫")
    grown = bank.growth()
    days = [one for one in grown if one.day is not None]
    assert [one.day for one in days] == sorted(one.day for one in days)
    places = {one.namespace: one for one in grown if one.namespace}
    assert places["acm",].bytes == 3
    assert sum(one.bytes for one in days) == sum(one.bytes for one in places.values())
    assert {one.namespace for one in bank.growth(NS)} == {None}
    with bank.database.read() as connection:
        assert set(sizes.by_namespace(connection)) == set(bank.numbers(NS) + bank.numbers(("acm",)))
    with pytest.raises(NotFound):
        bank.growth(("moon",))


def test_the_audit_lists_corrections_and_erasures_without_their_words(bank, clock, tmp_path):
    said(bank, clock, 4)
    store = bank.store("episodic", NS)
    store.correct("e0", "I like one kettle.", "I misspoke", actor="Ada")
    store.retract(["e1"], "not so")
    bank.undo(NS, "e1", "it was so")
    bank.forget(NS, events=["e2"])
    bank.archive(NS, tmp_path / "old.jsonl", before=clock.now, session="s0")
    entries = bank.audit(NS)
    assert [entry.act for entry in entries] == ["archive", "forget", "undo", "retract", "correct"]
    assert [entry.why for entry in entries[2:]] == ["it was so", "not so", "I misspoke"]
    assert (entries[-1].actor, entries[-1].about) == ("Ada", ("e0",))
    assert entries[1].told == {
        "events": 1,
        "operations": entries[1].told["operations"],
        "records": entries[1].told["records"],
    }
    assert "kettle" not in str(entries)
    assert [entry.act for entry in bank.audit(("acme",), scope="prefix", before=entries[1].seq, limit=1)] == [
        "undo"
    ]
    with pytest.raises(InvalidInput):
        bank.audit(NS, limit=0)
