"""Appending: what is kept, under which id, when, and how far it is trusted."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from agentmem.bank import Bank
from agentmem.db import pending
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import Conflict, EmbedderMismatch, InvalidInput, NotApplicable, Refused
from agentmem.records import ChangeSet, Event, Record, Trust
from agentmem.stores import MemoryStore, register
from agentmem.testing import HandClock
from agentmem.testing.looking import journal

NS = ("default",)
KEY = "AKIAIOSFODNN7EXAMPLE"


@register
class Shouting(MemoryStore):
    """Keeps every observation in capitals."""

    name = "shouting"

    def apply(self, event, view):
        if event.store:
            return ChangeSet()
        return ChangeSet(records=(Record(id=view.new_id(), text=event.text.upper(), sources=(event.id,)),))


def test_a_receipt_names_the_event_and_its_place(bank: Bank):
    first, second = bank.store().observe("one", Event(id="two", text="two"))
    assert (first.status, second.status, second.event_id) == ("stored", "stored", "two")
    assert first.seq < second.seq
    assert bank.store().observe() == []


def test_an_event_is_kept_as_it_was(bank: Bank, clock: HandClock):
    said = Event(
        id="x",
        type="tool.call",
        actor="Zoë",
        trust=Trust.TOOL,
        time=datetime(2020, 2, 29, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=5))),
        session="s/1",
        text=" a\r\n\u2028b\t👩‍👩‍👧 \x1b[0m",
        data={"b": [1, 1.0, None, True, {"": "é"}], "a": 2**70, "c": 1e-7},
    )
    bank.store().observe(said)
    kept = bank.events(NS, ["x"])[0]
    same = ("id", "type", "actor", "trust", "time", "session", "text", "data")
    assert [getattr(kept, name) for name in same] == [getattr(said, name) for name in same]
    assert list(kept.data) == ["b", "a", "c"]
    assert isinstance(kept.data["b"][1], float)
    assert kept.recorded_at == clock.now
    record = bank.store().get(["x"])[0]
    assert (record.text, record.payload, record.actor) == (said.text, said.data, said.actor)


def test_what_is_left_out_is_filled_in(bank: Bank, clock: HandClock):
    receipt = bank.store().observe("hello")[0]
    kept = bank.events(NS, [receipt.event_id])[0]
    assert (kept.time, kept.recorded_at, kept.namespace, kept.seq) == (clock.now, clock.now, NS, receipt.seq)


def test_recording_times_never_go_back(bank: Bank, clock: HandClock):
    bank.store().observe(Event(id="a", text="a"))
    clock.forward(days=-3)
    bank.store().observe(Event(id="b", text="b"))
    a, b = bank.events(NS, ["a", "b"])
    assert b.recorded_at == a.recorded_at
    assert b.time == clock.now


def test_a_retry_is_a_duplicate(bank: Bank):
    event = Event(id="a", text="hello", data={"x": 1, "y": 2})
    store = bank.store()
    first = store.observe(event)[0]
    again = store.observe(event.model_copy(update={"data": {"y": 2, "x": 1}}))[0]
    assert (again.status, again.seq) == ("duplicate", first.seq)
    assert len(store.select()) == 1


def test_a_retry_at_another_time_is_a_duplicate(bank: Bank, clock: HandClock):
    bank.store().observe(Event(id="a", text="hello"))
    clock.forward(days=1)
    assert bank.store().observe(Event(id="a", text="hello"))[0].status == "duplicate"


@pytest.mark.parametrize(
    "change",
    [
        {"text": "other"},
        {"actor": "Bob"},
        {"data": {"a": 1}},
        {"trust": "web"},
        {"type": "x"},
        {"session": "s"},
    ],
)
def test_the_same_id_with_another_content_is_an_error_and_keeps_nothing(
    bank: Bank, change: dict[str, object]
):
    store = bank.store()
    store.observe(Event(id="a", text="hello"))
    with pytest.raises(Conflict, match="'a'"):
        store.observe(Event(id="new", text="new"), Event(**{"id": "a", "text": "hello", **change}))
    assert [record.id for record in store.select()] == ["a"]
    assert len(journal(bank)) == 1


def test_duplicates_inside_one_call(bank: Bank):
    store = bank.store()
    receipts = store.observe(Event(id="a", text="x"), Event(id="a", text="x"))
    assert [receipt.status for receipt in receipts] == ["stored", "duplicate"]
    with pytest.raises(Conflict):
        store.observe(Event(id="b", text="x"), Event(id="b", text="y"))
    assert [record.id for record in store.select()] == ["a"]


def test_ids_are_unique_within_a_namespace_only(bank: Bank):
    for name in ("one", "two"):
        assert bank.store(namespace=(name,)).observe(Event(id="a", text=name))[0].status == "stored"
    assert [bank.store(namespace=(name,)).get(["a"])[0].text for name in ("one", "two")] == ["one", "two"]


def test_an_event_of_another_namespace_is_refused(bank: Bank):
    with pytest.raises(InvalidInput, match="elsewhere"):
        bank.store().observe(Event(text="x", namespace=("elsewhere",)))


def test_nobody_observes_a_forgotten_event(bank: Bank):
    with pytest.raises(InvalidInput, match="forgotten"):
        bank.store().observe(Event(id="a", text="x", state="forgotten"))


def test_a_cause_must_be_in_the_journal(bank: Bank):
    store = bank.store()
    with pytest.raises(InvalidInput, match="'nowhere'"):
        store.observe(Event(id="a", text="x"), Event(id="b", text="y", caused_by=("nowhere",)))
    assert store.select() == []
    store.observe(Event(id="b", text="y", caused_by=("a",)), Event(id="a", text="x"))
    assert bank.events(NS, ["b"])[0].caused_by == ("a",)


def test_trust_falls_to_that_of_the_causes_through_all_that_stands_between(bank: Bank):
    store = bank.store()
    store.observe(
        Event(id="c", text="c", caused_by=("b",)),
        Event(id="b", text="b", caused_by=("a", "u")),
        Event(id="a", text="a", trust=Trust.WEB),
        Event(id="u", text="u"),
    )
    store.observe(Event(id="d", text="d", caused_by=("c",)))
    trust = {event.id: event.trust for event in bank.events(NS, list("abcdu"))}
    assert trust == {"a": "web", "b": "web", "c": "web", "d": "web", "u": "user"}
    assert {record.id: record.trust for record in store.select()} == trust


def test_events_that_cause_each_other_are_kept(bank: Bank):
    receipts = bank.store().observe(
        Event(id="a", text="a", caused_by=("b",)), Event(id="b", text="b", caused_by=("a",), trust="tool")
    )
    assert [receipt.status for receipt in receipts] == ["stored", "stored"]
    assert {event.trust for event in bank.events(NS, ["a", "b"])} == {"tool"}


def test_a_retry_of_a_caused_event_is_a_duplicate(bank: Bank):
    store = bank.store()
    store.observe(Event(id="w", text="w", trust=Trust.WEB))
    caused = Event(id="a", text="a", caused_by=("w",))
    store.observe(caused)
    assert store.observe(caused)[0].status == "duplicate"


@pytest.mark.parametrize("text", ["nul \x00 here", "half \ud83d"])
def test_what_no_database_keeps_is_refused(bank: Bank, text: str):
    with pytest.raises(InvalidInput):
        bank.store().observe(text)
    with pytest.raises(InvalidInput):
        bank.store().observe(Event(data={"deep": [{"x": text}]}))
    assert bank.store().select() == []


def test_the_screen_redacts_and_says_so(bank: Bank, tmp_path: Path):
    receipt = bank.store().observe(Event(id="a", text=f"key {KEY}", data={"args": [f"--key={KEY}"]}))[0]
    assert receipt.status == "stored"
    assert receipt.redacted
    kept = bank.events(NS, ["a"])[0]
    assert KEY not in kept.text + str(kept.data)
    bank.close()
    assert all(KEY.encode() not in file.read_bytes() for file in tmp_path.iterdir())


def test_a_retry_of_a_redacted_event_is_a_duplicate(bank: Bank):
    event = Event(id="a", text=f"key {KEY}")
    bank.store().observe(event)
    assert bank.store().observe(event)[0].status == "duplicate"


def test_what_a_refused_event_caused_is_refused_with_it(open_bank):
    store = open_bank(screen="refuse").store()
    receipts = store.observe(
        Event(id="a", text=f"my key is {KEY}"),
        Event(id="b", text="so it changed", caused_by=("a",)),
        Event(id="c", text="and so did this", caused_by=("b",)),
        Event(id="d", text="something else"),
    )
    assert [receipt.status for receipt in receipts] == ["refused", "refused", "refused", "stored"]
    assert "'a'" in receipts[1].reason
    assert {record.id for record in store.select()} == {"d"}


def test_the_screen_refuses(open_bank):
    bank = open_bank(screen="refuse")
    store = bank.store()
    first, second = store.observe(Event(id="a", text=f"key {KEY}"), Event(id="b", text="fine"))
    assert (first.status, first.seq, second.status) == ("refused", 0, "stored")
    assert "AWS" in first.reason
    assert [record.id for record in store.select()] == ["b"]
    with pytest.raises(Refused):
        store.put("k", f"key {KEY}")


def test_the_screen_keeps(open_bank):
    bank = open_bank(screen="keep")
    bank.store().observe(Event(id="a", text=f"key {KEY}"))
    assert bank.events(NS, ["a"])[0].text == f"key {KEY}"


def test_an_operation_that_does_not_apply_keeps_nothing_of_the_call(bank: Bank):
    store = bank.store()
    store.observe(Event(id="a", text="a"))
    store.correct("a", "b")
    with pytest.raises(NotApplicable):
        store.observe("also", Event(type="correct", store="episodic", about=("a",), text="c"))
    assert {record.text for record in store.select()} == {"a", "b"}


@pytest.mark.parametrize(
    "operation",
    [
        Event(type="put", store="episodic"),
        Event(type="put", store="episodic", data={"key": "k", "since": "next week"}),
        Event(type="put", store="episodic", data={"key": "k", "due_at": "2025-01-01T00:00"}),
        Event(type="correct", store="episodic", text="x"),
        Event(type="retract", store="episodic"),
    ],
)
def test_a_malformed_operation_is_an_error_of_ours(bank: Bank, operation: Event):
    with pytest.raises(InvalidInput):
        bank.store().observe("before", operation)
    assert bank.store().select() == []


def test_a_store_attached_late_starts_from_the_beginning(bank: Bank):
    bank.store().observe("a", "b")
    late = bank.store("shouting")
    assert [record.text for record in late.select()] == ["A", "B"]
    bank.store().observe("c")
    assert [record.text for record in late.select()] == ["A", "B", "C"]
    assert bank.verify() == []


def test_a_store_attached_by_another_bank_misses_nothing(open_bank):
    other = open_bank()
    other.store().observe("a")

    class Slow(Bank):
        """Another process attaches a store after this bank has looked which there are."""

        def attached_by_name(self, namespace):
            found = super().attached_by_name(namespace)
            other.store("shouting")
            return found

    bank = Slow(other.database.url, embedder=HashingEmbedder(), settings=other.settings)
    bank.store().observe("b")
    bank.close()
    assert [record.text for record in other.store("shouting").select()] == ["A", "B"]
    assert other.verify() == []


def test_a_wrong_embedder_is_an_error_before_anything_is_written(open_bank):
    open_bank().store().observe("a")
    other = open_bank(embedder=HashingEmbedder(32))
    with pytest.raises(EmbedderMismatch, match=r"hashing-64.*hashing-32"):
        other.store().observe(Event(id="b", text="b"))
    assert other.events(NS, ["b"]) == []
    with pytest.raises(EmbedderMismatch, match=r"hashing-64.*hashing-32"):
        other.store().recall("a")


def test_two_processes_may_claim_the_embedder_at_once(open_bank):
    one, two = open_bank(), open_bank()

    class Slow(HashingEmbedder):
        """Another bank is faster while this embedder opens."""

        @property
        def name(self):
            return "hashing-64"

        @name.setter
        def name(self, value):
            one.store(namespace=("n",)).observe("first")

    three = open_bank(embedder=None)
    three._open_embedder = Slow
    two.store(namespace=("n",)).observe("second")
    three.store(namespace=("n",)).observe("third")
    assert one.stats().embedder == "hashing-64"


def test_no_number_of_events_in_one_call_is_too_many_for_its_receipts(bank: Bank):
    receipts = bank.store().observe("x")
    with bank.database.read() as connection:
        assert pending.listed(connection, None, seqs=[receipts[0].seq, *range(40_000)]) == []


@pytest.mark.on_file
def test_the_text_is_stored_once(bank: Bank, tmp_path: Path):
    text = "A quince a day keeps the doctor away. " * 50
    bank.store().observe(Event(actor="Ines", text=text, data={"note": text}))
    path = bank.database.path
    bank.close()
    with sqlite3.connect(path) as raw:
        raw.execute("VACUUM")
    raw.close()
    assert path.read_bytes().count(b"A quince") == 100


def test_a_bank_in_memory_is_safe_for_threads():
    import asyncio

    async def main(bank: Bank) -> list[str]:
        store = bank.store()
        await asyncio.gather(*(store.aobserve(f"note {n}") for n in range(8)))
        found = await asyncio.gather(*(store.arecall("note", filter='type = "message"') for _ in range(8)))
        return sorted(hit.text for hit in found[0])

    with Bank("sqlite://", embedder=HashingEmbedder()) as bank:
        assert asyncio.run(main(bank)) == sorted(f"note {n}" for n in range(8))
        assert bank.stats().events == 8


def test_clock_times_are_utc(bank: Bank):
    bank.store().observe(
        Event(id="a", text="x", time=datetime(2025, 1, 1, 2, tzinfo=timezone(timedelta(hours=2))))
    )
    assert bank.events(NS, ["a"])[0].time == datetime(2025, 1, 1, tzinfo=UTC)
    with pytest.raises(InvalidInput, match="time zone"):
        Event(text="x", time=datetime(2025, 1, 1))


def test_what_memory_itself_wrote_is_not_observed_as_new(bank: Bank):
    store = bank.store()
    store.observe(Event(id="a", text="The quince tree stands by the gate."))
    recalled = store.synthesize("Where is the quince tree?", 200).text
    assert recalled
    alone, within = store.observe(
        Event(id="b", text=recalled), Event(id="c", text=f"So:\n{recalled}By the gate?")
    )
    assert (alone.status, within.status) == ("refused", "stored")
    assert "recalled" in alone.reason
    assert within.redacted == ("recalled memory",)
    assert [record.text for record in store.get(["b", "c"])] == ["So:\nBy the gate?"]
