"""What is seen when: other processes, the past, validity, expiry, states, filters, scopes."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import numpy as np
import pytest

from agentmem.bank import Bank
from agentmem.errors import InvalidInput, NotFound
from agentmem.records import Event, Hit, Query, Record, State
from agentmem.stores import MemoryStore
from agentmem.testing import HandClock
from agentmem.testing.looking import exported

NS = ("default",)


def ids(store: MemoryStore, text: str, **changes: object) -> set[str]:
    return {hit.id for hit in store.recall(text, k=100, floor=False, **changes)}


def test_an_open_bank_sees_what_another_one_does(open_bank):
    mine, theirs = open_bank().store(), open_bank().store()
    mine.observe(Event(id="a", text="alpha one"))
    assert ids(mine, "alpha") == ids(theirs, "alpha") == {"a"}
    theirs.observe(Event(id="b", text="alpha two"))
    assert ids(mine, "alpha") == {"a", "b"}
    theirs.correct("a", "beta three")
    assert "a" not in ids(mine, "alpha")
    assert "beta three" in {hit.text for hit in mine.recall("beta")}
    theirs.bank.forget(NS, events=["b"])
    assert "b" not in ids(mine, "alpha two")
    theirs.retract([mine.select('text = "beta three"')[0].id])
    assert ids(mine, "beta") == set()
    theirs.bank.rebuild(NS)
    assert ids(mine, "alpha", states=(State.LIVE, State.SUPERSEDED)) == {"a"}
    assert mine.bank.verify() == []


def test_who_made_a_vector_makes_it_for_all(open_bank):
    mine, theirs = open_bank(), open_bank()
    mine.store().observe(Event(id="a", text="alpha"))
    mine.store().recall("alpha")
    theirs.store().observe(Event(id="b", text="beta"), embed=False)
    assert mine.stats().waiting_for_vectors == 1
    assert "b" in ids(mine.store(), "beta")
    assert theirs.stats().waiting_for_vectors == 0


def test_known_at_shows_what_was_believed(bank: Bank, clock: HandClock):
    store = bank.store()
    before = clock.now
    clock.forward(days=1)
    store.observe(Event(id="a", text="The train leaves at nine."))
    believed = clock.now
    clock.forward(days=1)
    store.correct("a", "The train leaves at ten.")
    after = clock.now
    clock.forward(days=1)
    store.observe(Event(id="old", text="The train was blue.", time=before))
    assert ids(store, "train", known_at=before) == set()
    assert ids(store, "train", known_at=believed) == {"a"}
    assert [hit.text for hit in store.recall("train", known_at=after)] == ["The train leaves at ten."]
    assert "old" not in ids(store, "train", known_at=after)
    assert "old" in ids(store, "train")
    assert store.recall("train", known_at=believed)[0].record.state is State.LIVE
    with pytest.raises(NotFound):
        store.explain("train", "a", known_at=before)


def test_a_view_is_a_read_of_its_moment(bank: Bank):
    store = bank.store()
    store.observe(Event(id="a", text="alpha", session="s"))
    store.put("k", "one")
    view = bank.view(NS)
    one = view.standing("k")[0]
    store.observe(Event(id="b", text="beta", session="s"))
    store.put("k", "two")
    store.correct("a", "gamma")
    assert [record.id for record in view.select()] == ["a", one.id]
    assert [(got.id, got.text, got.version) for got in view.get([one.id, "b", "a", "a"])] == [
        (one.id, "one", 1),
        ("a", "alpha", 1),
    ]
    assert view.get(["a"])[0].state is State.LIVE
    assert [event.id for event in view.events(session="s")] == ["a"]
    assert view.links(["a"]) == []
    assert {record.id for record, _ in view.search("beta gamma alpha", k=9)} == {"a", one.id}
    assert set(view.scan("text", "alpha")) == {"a", one.id}
    assert [record.version for record in view.versions(["a", one.id])] == [1, 1]
    later = bank.view(NS)
    assert later.standing("k")[0].version == 2
    assert len(later.links(["a"])) == 1


def test_a_view_can_go_back_to_an_earlier_number(bank: Bank):
    store = bank.store()
    seqs = [store.put("k", value).seq for value in ("one", "two", "three")]
    view = bank.view(NS)
    told = [[record.text for record in view.as_of(seq).standing("k")] for seq in (seqs[0] - 1, *seqs)]
    assert told == [[], ["one"], ["two"], ["three"]]
    assert view.standing("k")[0].text == "three"


def test_events_of_a_view_are_newest_first_and_paged(bank: Bank):
    store = bank.store()
    receipts = store.observe(*(Event(id=str(n), text="x", session=str(n % 2)) for n in range(6)))
    store.put("k", "v")
    view = bank.view(NS)
    assert [event.id for event in view.events(limit=2)] == ["5", "4"]
    assert [event.id for event in view.events(session="1")] == ["5", "3", "1"]
    assert [event.id for event in view.events(before=receipts[2].seq)] == ["1", "0"]


def test_true_at(bank: Bank, clock: HandClock):
    store = bank.store()
    march, june = clock.now + timedelta(days=60), clock.now + timedelta(days=150)
    store.put("job", "Works at Acme.", since=march)
    store.put("job", "Works at Beta.", since=june)
    told = {when: [hit.text for hit in store.recall("works", at=when)] for when in (march, june)}
    assert told == {march: ["Works at Acme."], june: ["Works at Beta."]}
    assert store.recall("works", at=march - timedelta(seconds=1)) == []
    assert [hit.text for hit in store.recall("works", at=june - timedelta(microseconds=1))] == [
        "Works at Acme."
    ]


def test_what_is_read_is_a_whole_and_valid_value(bank: Bank, clock: HandClock):
    store = bank.store()
    store.observe(Event(id="e1", actor="Ann", session="s", text="Tea at four.", data={"n": [1, {"m": None}]}))
    store.put("job", "Works at Acme.", since=clock.now, metadata={"tag": "x"}, index={"cue": "work"})
    for hit in store.recall("tea works", floor=False):
        assert Hit.model_validate(hit.model_dump()) == hit
        assert hit.record.model_fields_set == set(Record.model_fields)
    for event in bank.view(("default",)).events():
        assert Event.model_validate(event.model_dump()) == event
        assert event.model_fields_set == set(Event.model_fields)


def test_since_and_until_look_at_when_it_happened(bank: Bank, clock: HandClock):
    store = bank.store()
    day = timedelta(days=1)
    start = clock.now
    store.observe(*(Event(id=str(n), text="walk", time=start + n * day) for n in range(5)))
    assert ids(store, "walk", since=start + 2 * day) == {"2", "3", "4"}
    assert ids(store, "walk", until=start + 2 * day) == {"0", "1", "2"}
    assert ids(store, "walk", since=start + day, until=start + day) == {"1"}
    assert ids(store, "", since=start + 3 * day) == {"3", "4"}


def test_what_has_expired_leaves_recall_by_itself(bank: Bank, clock: HandClock):
    store = bank.store()
    end = clock.now + timedelta(days=1)
    store.put("permit", "Permit twelve.", expires_at=end)
    id = store.select()[0].id
    assert ids(store, "permit") == {id}
    clock.now = end
    assert ids(store, "permit") == set()
    assert ids(store, "") == set()
    assert ids(store, "permit", at=end - timedelta(seconds=1)) == {id}
    assert store.explain("permit", id).step == "expires"
    assert [record.id for record in store.select()] == [id]


def test_states(bank: Bank):
    store = bank.store()
    store.observe(*(Event(id=id, text=f"note {id}") for id in "abc"))
    store.retract(["a"], why="joke")
    store.correct("b", "note d")
    new = store.select('text = "note d"')[0].id
    assert ids(store, "note") == {"c", new}
    assert ids(store, "note", states=(State.RETRACTED,)) == {"a"}
    assert ids(store, "note", states=(State.SUPERSEDED,)) == {"b"}
    assert ids(store, "note", states=tuple(State)) == {"a", "b", "c", new}
    assert ids(store, "note", states=(State.FORGOTTEN,)) == set()


LABELS = [
    ("a",),
    ("ab",),
    ("a", "b"),
    ("a/b",),
    ("a", "b", "c"),
    ("~",),
    ("~1",),
    ("a~0",),
    ("日本", "é"),
    ("a", " "),
]


def test_a_namespace_reads_itself_and_with_prefix_those_under_it(bank: Bank):
    for namespace in LABELS:
        bank.store(namespace=namespace).observe(Event(id="x", text=f"note of {namespace}"))
    assert set(bank.namespaces()) == set(LABELS)
    for namespace in LABELS:
        store = bank.store(namespace=namespace)
        assert {hit.record.namespace for hit in store.recall("note")} == {namespace}
        under = {other for other in LABELS if other[: len(namespace)] == namespace}
        assert {hit.record.namespace for hit in store.recall("note", scope="prefix")} == under
        assert set(bank.namespaces(namespace)) == under
    assert bank.verify() == []


def test_a_prefix_search_sees_namespaces_that_come_later(bank: Bank):
    store = bank.store(namespace=("team",))
    store.observe("note one")
    assert len(store.recall("note", scope="prefix")) == 1
    bank.store(namespace=("team", "new")).observe("note two")
    assert len(store.recall("note", scope="prefix")) == 2


@pytest.mark.parametrize("namespace", [(), ("",), ("a", ""), "abc", ("a\x00",)])
def test_what_is_no_namespace(bank: Bank, namespace: tuple[str, ...]):
    with pytest.raises(InvalidInput):
        bank.store(namespace=namespace)


def test_scores_do_not_depend_on_other_peoples_words(bank: Bank):
    store = bank.store(namespace=("me",))
    store.observe("the quince ripens", "the medlar rots")
    before = [(hit.id, hit.score) for hit in store.recall("quince medlar")]
    bank.store(namespace=("you",)).observe(*(f"quince {n}" for n in range(50)))
    assert [(hit.id, hit.score) for hit in store.recall("quince medlar")] == before


def test_neighbours_are_those_that_happened_next_however_late_they_were_told(bank: Bank, clock: HandClock):
    store = bank.store()
    order = list(range(9))
    random.Random(3).shuffle(order)
    start: datetime = clock.now
    for n in order:
        store.observe(Event(id=str(n), text=f"turn {n}", session="s", time=start + timedelta(minutes=n)))
        store.recall("turn")
    bank.forget(NS, events=["4"])
    shelf = bank.view(NS).shelf()
    at = shelf.slots_of(np.asarray([bank.view(NS).row_of("0")]))
    seen = []
    while at[0] >= 0:
        seen.append(int(shelf.column("time")[at[0]]))
        at = shelf.chain.step(at, 1)
    assert len(seen) == 8
    assert seen == sorted(seen)


def test_a_recall_of_nothing(bank: Bank):
    store = bank.store()
    assert store.recall("anything") == store.recall("") == store.select() == []
    assert store.synthesize("anything").items == ()
    store.observe("")
    assert store.recall("anything") == []
    assert len(store.recall("")) == 1


def test_a_query_that_is_wrong_is_an_error(bank: Bank):
    store = bank.store()
    store.observe("a")
    for wrong in (
        {"k": 0},
        {"mmr": 2.0},
        {"nonsense": 1},
        {"scope": "all"},
        {"steps": ("no",)},
        {"options": {"x": 1}},
    ):
        with pytest.raises(InvalidInput):
            store.recall("a", **wrong)
    assert store.recall(Query(text="a"), k=1)[0].text == "a"


def test_changes_lists_what_left_recall(bank: Bank):
    store = bank.store()
    store.observe(Event(id="a", text="a"), Event(id="b", text="b"))
    receipt = store.correct("a", "c")
    store.retract(["b"])
    assert [record.id for record in bank.changes(NS)] == ["b", "a"]
    assert [record.id for record in bank.changes(NS, after=receipt.seq)] == ["b"]
    assert bank.changes(("nobody",)) == []


def test_known_at_under_a_prefix_is_that_of_each_namespace(open_bank, clock: HandClock):
    old = open_bank("old.db")
    old.store(namespace=("a", "b")).observe(Event(id="early", text="an early quince"))
    lines = exported(old)
    between = clock.forward(days=5)
    clock.forward(days=5)
    bank = open_bank()
    store = bank.store(namespace=("a",))
    store.observe(Event(id="late", text="a late quince"))
    bank.load(lines)
    assert ids(store, "quince", scope="prefix") == {"early", "late"}
    assert ids(store, "quince", known_at=between) == set()
    assert ids(store, "quince", known_at=between, scope="prefix") == {"early"}


def test_versions_links_and_events_under_a_prefix_are_those_that_each_namespace_knew(
    open_bank, clock: HandClock
):
    old = open_bank("old.db")
    child = old.store(namespace=("a", "b"))
    child.observe(Event(id="early", text="a quince at nine"))
    between = clock.forward(days=5)
    clock.forward(days=5)
    child.correct("early", "a quince at ten")
    lines = exported(old)
    bank = open_bank()
    bank.store(namespace=("a",)).observe(Event(id="late", text="a late quince"))
    bank.load(lines)
    then = bank.view(("a",), scope="prefix", known_at=between)
    now = bank.view(("a",), scope="prefix")
    (made,) = {record.id for record in now.select()} - {"early", "late"}
    assert [(record.id, record.state) for record in then.select()] == [("early", State.LIVE)]
    assert [record.version for record in then.versions(["early"])] == [1]
    assert len(now.versions(["early"])) == 2
    assert then.get([made, "late", "early"])[0].id == "early"
    assert then.links(["early"]) == []
    assert then.reach(["early"], "supersedes", "in") == {"early": 0}
    assert [link.source for link in now.links(["early"])] == [made]
    assert now.reach(["early"], "supersedes", "in") == {"early": 0, made: 1}
    assert [event.id for event in then.events()] == ["early"]
    assert {event.id for event in now.events()} == {"early", "late"}
