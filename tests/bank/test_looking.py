"""Looking through a bank: pages hold everything once, in order, and nothing is written by looking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from agentmem.bank import Bank, looking
from agentmem.errors import InvalidInput
from agentmem.records import Event, Later, Trust
from agentmem.stores.episodic import EpisodicStore
from agentmem.testing.looking import exported

NS = ("acme", "a")
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
LIMITS = (1, 2, 7, 50)


class Slow(EpisodicStore):
    """A store that interprets nothing yet."""

    name = "slow"

    def interpret(self, events, view):
        return Later(reason="until more is there")


@pytest.fixture
def filled(bank: Bank) -> Bank:
    """Twenty observations of three sessions, with what became of some."""
    store, keyed = bank.store("episodic", NS), bank.store("keyed", NS)
    for n in range(20):
        store.observe(
            Event(
                id=f"e{n}",
                text=f"text {n}",
                actor=("Ada", "Ben")[n % 2],
                session=f"s{n % 3}",
                type=("message", "note")[n % 4 == 0],
                trust=Trust.WEB if n % 5 == 0 else Trust.USER,
                time=BEGIN + timedelta(days=n),
            )
        )
    for n in range(3):
        keyed.put("theme", f"value {n}")
    store.correct("e3", "better", "it was wrong")
    store.retract(["e5", "e7", "e9"], "hearsay")
    bank.forget(NS, events=["e11"])
    bank.store("episodic", ("acme", "b")).observe("elsewhere")
    return bank


def all_of(page: Callable[[str, int], looking.Page], limit: int) -> list:
    """Everything on the pages of one size."""
    found, at = [], ""
    while True:
        one = page(at, limit)
        assert len(one.items) <= limit
        found += one.items
        at = one.next
        if not at:
            return found


@pytest.mark.parametrize("limit", LIMITS)
def test_the_journal_stands_on_pages_once_and_in_order(filled: Bank, limit: int):
    def page(at, limit):
        return looking.journal(filled, NS, before=at, limit=limit)

    seqs = [event.seq for event in all_of(page, limit)]
    assert seqs == sorted(seqs, reverse=True)
    assert len(seqs) == len(set(seqs)) == 20 + 3 + len(("correct", "retract", "forget"))
    assert {event.state for event in all_of(page, limit)} == {"live", "forgotten"}


@pytest.mark.parametrize(
    ("asked", "passes"),
    [
        ({"actor": "Ada"}, lambda n: n % 2 == 0),
        ({"session": "s1"}, lambda n: n % 3 == 1),
        ({"type": "note"}, lambda n: n % 4 == 0),
        ({"trust": Trust.WEB}, lambda n: n % 5 == 0),
        ({"since": BEGIN + timedelta(days=4), "until": BEGIN + timedelta(days=8)}, lambda n: 4 <= n <= 8),
        ({"session": "s2", "actor": "Ben"}, lambda n: n % 3 == 2 and n % 2 == 1),
    ],
)
def test_events_are_filtered(filled: Bank, asked: dict, passes: Callable[[int], bool]):
    def page(at, limit):
        return looking.journal(filled, NS, before=at, limit=limit, operations=False, **asked)

    found = {event.id for event in all_of(page, 3)}
    assert found - {"e11"} == {f"e{n}" for n in range(20) if passes(n)} - {"e11"}


def test_operations_are_told_apart(filled: Bank):
    found = looking.journal(filled, NS, operations=True).items
    assert [event.type for event in found] == ["forget", "retract", "correct", "put", "put", "put"]


@pytest.mark.parametrize("limit", LIMITS)
def test_records_stand_on_pages_once_the_one_changed_last_first(filled: Bank, limit: int):
    def page(at, limit):
        return looking.records(filled, NS, "episodic", before=at, limit=limit)

    found = all_of(page, limit)
    assert {record.id for record in found} == {one.id for one in filled.store("episodic", NS).select()}
    assert len(found) == len({record.id for record in found})
    assert {record.id for record in found[:3]} == {"e5", "e7", "e9"}
    seqs = [record.from_seq for record in found]
    assert seqs == sorted(seqs, reverse=True)


def test_records_are_filtered_as_anywhere(filled: Bank):
    def ids(filter):
        return {record.id for record in looking.records(filled, NS, "episodic", filter).items}

    assert ids('state = "retracted"') == {"e5", "e7", "e9"}
    assert ids('type = "note" and actor = "Ada"') == {f"e{n}" for n in range(0, 20, 4)}
    (value,) = looking.records(filled, NS, "keyed", 'key contains "the"').items
    assert (value.text, value.version) == ("value 2", 3)


@pytest.mark.parametrize("limit", LIMITS)
def test_what_left_recall_is_what_changes_tells(filled: Bank, limit: int):
    def page(at, limit):
        return looking.retirements(filled, NS, before=at, limit=limit)

    told = [(one.id, one.version) for one in all_of(page, limit)]
    assert told == [(one.id, one.version) for one in filled.changes(NS)]
    assert {id for id, _ in told} == {"e3", "e5", "e7", "e9"}


@pytest.mark.parametrize("limit", LIMITS)
def test_what_is_pending_stands_on_pages_once(filled: Bank, limit: int):
    from agentmem.bank.registry import register

    register(Slow)
    filled.store("slow", NS)

    def page(at, limit):
        return looking.waiting(filled, NS, after=at, limit=limit)

    found = [one.event_id for one in all_of(page, limit)]
    assert found == [one.event_id for one in filled.pending(NS)]
    assert len(found) == 19
    assert filled.stats(NS).pending == {"waiting": 19}
    event = filled.events(NS, ["e4"])[0]
    assert [one.store for one in looking.waiting_of(filled, event)] == ["slow"]


def test_what_became_of_events_is_told(filled: Bank):
    events = looking.journal(filled, NS, limit=100).items
    made = looking.made_of(filled, NS, events)
    assert [one.text for one in made["e4"].records] == ["text 4"]
    assert made["e5"].records[0].state == "retracted"
    assert made["e11"] == looking.Made()
    correction = next(event for event in events if event.type == "correct")
    assert "better" in [one.text for one in made[correction.id].records]
    versions = looking.versions_by(filled, correction)
    assert {(one.text, one.state.value) for one in versions} == {("text 3", "superseded"), ("better", "live")}
    (said,) = filled.store("episodic", NS).observe(Event(text="so", caused_by=("e4",)))
    again = looking.made_of(filled, NS, filled.events(NS, ["e4"]))["e4"]
    assert [one.id for one in again.caused] == [said.event_id]


@pytest.mark.parametrize("limit", LIMITS)
def test_namespaces_are_counted_as_stats_counts_them(filled: Bank, limit: int):
    def page(at, limit):
        return looking.places(filled, after=at, limit=limit)

    found = all_of(page, limit)
    assert [one.namespace for one in found] == filled.namespaces()
    for one in found:
        told = filled.stats(one.namespace)
        assert (one.observed, one.operations, one.emptied) == (told.events, told.operations, told.forgotten)
        assert one.records == {store: sum(states.values()) for store, states in told.records.items()}
    assert found[1].bytes == len("elsewhere")


def test_namespaces_are_found_by_a_part_of_their_path_and_under_a_prefix(filled: Bank):
    filled.store("episodic", ("acme%", "x_y")).observe("further")
    assert [one.namespace for one in looking.places(filled, part="e%/").items] == [("acme%", "x_y")]
    assert [one.namespace for one in looking.places(filled, part="xzy").items] == []
    assert {one.namespace for one in looking.places(filled, ("acme",)).items} == {NS, ("acme", "b")}


def test_values_to_choose_among(filled: Bank):
    assert looking.event_values(filled, NS, "actor") == ["Ada", "Ben"]
    assert looking.event_values(filled, NS, "session", limit=2) == ["s0", "s1"]
    assert looking.event_values(filled, NS, "store") == ["bank", "episodic", "keyed"]
    assert looking.record_types(filled, NS, "episodic") == ["message", "note"]


def test_a_mark_that_is_none_is_refused(filled: Bank):
    for mark in ("x", "1:", "-1", "9" * 40, "1:2:3", "²"):
        with pytest.raises(InvalidInput, match="page cannot begin"):
            looking.records(filled, NS, "episodic", before=mark)
    with pytest.raises(InvalidInput, match="page cannot begin"):
        looking.journal(filled, NS, before="1.5")


def test_looking_writes_nothing_and_attaches_nothing(filled: Bank):
    before = exported(filled)
    place = ("never", "written")
    assert list(looking.stores(filled, NS)) == ["episodic", "keyed"]
    assert list(looking.stores(filled, place)) == ["episodic"]
    for page in (
        looking.journal(filled, place),
        looking.records(filled, place, "episodic"),
        looking.retirements(filled, place),
        looking.waiting(filled, place),
    ):
        assert page == looking.Page()
    assert place not in filled.namespaces()
    assert exported(filled) == before
