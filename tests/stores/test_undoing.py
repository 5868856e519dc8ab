"""Undoing a retirement: the record stands again as it was, what took its place leaves, links and replays follow."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import InvalidInput, NotApplicable, NotFound, Refused
from agentmem.records import ChangeSet, Event, Record, State, Trust
from agentmem.stores import MemoryStore, register
from agentmem.testing import HandClock
from agentmem.testing.looking import difference, exported, snapshot

NS = ("default",)
DAY = timedelta(days=1)


@register
class Fading(MemoryStore):
    """News that fades as time passes."""

    name = "fading"

    def apply(self, event, view):
        if event.type == "advance":
            live = view.select('state = "live"')
            return ChangeSet(records=tuple(one.revised(state=State.FADED, why="old news") for one in live))
        if event.store:
            return ChangeSet()
        return ChangeSet(
            records=(Record(id=f"news {event.id}", text=event.text, indexed={"text": event.text}),)
        )


@pytest.fixture
def store(bank: Bank) -> MemoryStore:
    return bank.store()


def states(store: MemoryStore) -> dict[str, str]:
    return {record.text: record.state.value for record in store.select()}


def links(store: MemoryStore, type: str) -> set[tuple[str, str]]:
    """The links of a type that hold, as the texts of their ends."""
    told = {record.id: record.text for record in store.select()}
    return {(told[one.source], told[one.target]) for one in store.bank.view(NS).links(told, type)}


def only(store: MemoryStore, text: str) -> Record:
    [found] = [record for record in store.select() if record.text == text]
    return found


def is_sound(store: MemoryStore) -> bool:
    """The records are what the journal says, here and in an import."""
    before = snapshot(store)
    assert store.bank.verify() == []
    store.bank.rebuild(NS)
    assert difference(before, snapshot(store)) == ""
    return True


def test_a_correction_is_undone(store: MemoryStore):
    store.observe(Event(id="a", actor="Maya", text="nine", session="s"))
    store.correct("a", "ten", why="misheard")
    receipt = store.undo("a", why="she was right")
    assert receipt.status == "stored"
    assert states(store) == {"nine": "live", "ten": "retracted"}
    assert only(store, "ten").why == "undone"
    assert [hit.text for hit in store.recall("nine ten", floor=False)] == ["nine"]
    told = [(one.record.text, one.operation, one.why) for one in store.history("a")]
    assert told[:3] == [("nine", "observed", ""), ("nine", "correct", "misheard"), ("ten", "correct", "")]
    assert set(told[3:]) == {("nine", "undo", "she was right"), ("ten", "undo", "undone")}
    old, first = store.get(["a"])[0], store.history("a")[0].record
    same = {"text", "actor", "session", "time", "sources", "trust", "indexed", "state", "valid_to", "type"}
    assert {name: getattr(old, name) for name in same} == {name: getattr(first, name) for name in same}
    assert {record.text for record in store.bank.changes(NS)} == {"nine", "ten"}
    assert is_sound(store)


def test_what_was_believed_meanwhile_can_still_be_asked(store: MemoryStore, clock: HandClock):
    store.observe(Event(id="a", text="nine"))
    clock.forward(days=1)
    store.correct("a", "ten")
    meanwhile = clock.now
    clock.forward(days=1)
    store.undo("a")
    assert [hit.text for hit in store.recall("nine ten", known_at=meanwhile, floor=False)] == ["ten"]
    assert [hit.text for hit in store.recall("nine ten", floor=False)] == ["nine"]


def test_an_undoing_is_undone_in_turn_and_again(store: MemoryStore):
    store.observe(Event(id="a", text="nine"))
    store.correct("a", "ten", why="misheard")
    ten = only(store, "ten").id
    for _ in range(3):
        store.undo("a")
        assert states(store) == {"nine": "live", "ten": "retracted"}
        assert links(store, "supersedes") == {("nine", "ten")}
        store.undo(ten)
        assert states(store) == {"nine": "superseded", "ten": "live"}
        assert links(store, "supersedes") == {("ten", "nine")}
        assert only(store, "nine").why == "misheard"
    assert links(store, "alternative") == set()
    assert is_sound(store)


def test_undoing_twice_is_not_applicable(store: MemoryStore):
    store.observe(Event(id="a", text="nine"))
    store.retract(["a"])
    store.undo("a")
    with pytest.raises(NotApplicable, match="stands: there is nothing to undo"):
        store.undo("a")
    with pytest.raises(NotApplicable):
        store.observe(Event(type="undo", store="episodic", about=("a",)))
    assert len(store.history("a")) == 3
    assert is_sound(store)


def test_what_is_not_there_cannot_be_undone(store: MemoryStore):
    store.observe(Event(id="a", text="nine"))
    with pytest.raises(NotFound):
        store.undo("nobody")
    with pytest.raises(NotFound):
        store.bank.undo(("nowhere",), "a")
    assert store.bank.namespaces() == [NS]
    with pytest.raises(InvalidInput):
        store.observe(Event(type="undo", store="episodic"))
    with pytest.raises(NotApplicable):
        store.observe(Event(type="undo", store="episodic", about=("nobody",)))


def test_a_retraction_is_undone_for_one_of_several(bank: Bank, store: MemoryStore):
    store.observe(Event(id="a", text="nine"), Event(id="b", text="ten"))
    store.retract(["a", "b"], why="a joke")
    assert bank.undo(NS, "b", "it was none").status == "stored"
    assert states(store) == {"nine": "retracted", "ten": "live"}
    assert is_sound(store)


def test_a_change_at_a_date_is_undone(store: MemoryStore, clock: HandClock):
    store.observe(Event(id="a", text="Bonn"))
    store.correct("a", "Rome", since=clock.now + DAY)
    store.undo("a")
    assert states(store) == {"Bonn": "live", "Rome": "retracted"}
    assert store.get(["a"])[0].valid_to is None
    assert [hit.text for hit in store.recall("Bonn Rome", at=clock.now + 2 * DAY, floor=False)] == ["Bonn"]
    store.undo(only(store, "Rome").id)
    assert store.get(["a"])[0].valid_to == clock.now + DAY
    assert [hit.text for hit in store.recall("Bonn Rome", at=clock.now + 2 * DAY, floor=False)] == ["Rome"]
    assert is_sound(store)


def test_a_value_that_was_put_for_a_time_from_a_date_on_is_undone(store: MemoryStore, clock: HandClock):
    store.put("home", "Bonn")
    store.put("home", "Rome", since=clock.now + DAY)
    store.undo(only(store, "Bonn").id)
    assert states(store) == {"Bonn": "live", "Rome": "retracted"}
    store.put("home", "Oslo")
    assert states(store) == {"Oslo": "live", "Rome": "retracted"}
    assert is_sound(store)


def test_a_value_that_was_replaced_under_its_key_comes_back_once(store: MemoryStore):
    store.put("k", "one", metadata={"m": 1})
    store.put("k", "two")
    id = only(store, "two").id
    store.undo(id, why="slip")
    record = store.get([id])[0]
    assert (record.text, record.metadata, record.version, record.why) == ("one", {"m": 1}, 3, "slip")
    with pytest.raises(NotApplicable):
        store.undo(id)
    store.put("k", "three")
    store.undo(id)
    assert only(store, "one").id == id
    assert is_sound(store)


def test_a_value_that_only_got_a_further_source_was_not_replaced(store: MemoryStore):
    store.put("k", "one")
    store.put("k", "one")
    with pytest.raises(NotApplicable):
        store.undo(only(store, "one").id)


def test_what_was_stated_late_stands_beside_what_stood(store: MemoryStore, clock: HandClock):
    store.put("k", "new")
    store.put("k", "old", time=clock.now - DAY)
    store.undo(only(store, "old").id)
    assert states(store) == {"new": "live", "old": "live"}
    assert links(store, "alternative") == {("new", "old")}
    assert links(store, "supersedes") == set()
    assert is_sound(store)


def test_what_was_told_about_an_earlier_time_may_hold_until_today(store: MemoryStore, clock: HandClock):
    store.put("job", "Acme", since=clock.now - 10 * DAY)
    store.put("job", "Beta", since=clock.now - 100 * DAY)
    store.undo(only(store, "Beta").id)
    assert {hit.text for hit in store.recall("Acme Beta", floor=False)} == {"Acme", "Beta"}
    assert links(store, "alternative") == {("Acme", "Beta")}
    assert is_sound(store)


def test_what_says_it_already_stands_beside_it_again(store: MemoryStore):
    store.observe(Event(id="a", text="nine"), Event(id="b", text="ten"))
    store.correct("a", by="b")
    store.undo("a")
    assert states(store) == {"nine": "live", "ten": "live"}
    assert links(store, "alternative") == {("ten", "nine")}
    assert links(store, "supersedes") == set()
    hits = {hit.id: hit.alternatives for hit in store.recall("nine ten", floor=False)}
    assert hits == {"a": ("b",), "b": ("a",)}
    assert is_sound(store)


def test_what_says_it_already_gets_its_own_time_back(store: MemoryStore, clock: HandClock):
    store.observe(Event(id="a", text="nine"), Event(id="b", text="ten"))
    store.correct("a", by="b", since=clock.now + DAY)
    assert store.get(["b"])[0].valid_from == clock.now + DAY
    store.undo("a")
    assert [(one.valid_from, one.valid_to) for one in store.get(["a", "b"])] == [(None, None)] * 2
    assert links(store, "alternative") == {("ten", "nine")}
    assert is_sound(store)


def test_what_was_said_again_since_is_not_taken_back(store: MemoryStore):
    store.put("k", "one")
    store.correct(only(store, "one").id, "two")
    store.put("k", "two")
    store.undo(only(store, "one").id)
    assert states(store) == {"one": "live", "two": "live"}
    assert links(store, "alternative") == {("two", "one")}
    assert is_sound(store)


def test_the_first_of_a_chain_stands_beside_the_last(store: MemoryStore):
    store.observe(Event(id="a", text="one"))
    store.correct("a", "two")
    store.correct(only(store, "two").id, "three")
    store.undo("a")
    assert states(store) == {"one": "live", "two": "superseded", "three": "live"}
    assert links(store, "alternative") == {("three", "one")}
    assert links(store, "supersedes") == {("three", "two"), ("one", "two")}
    store.undo(only(store, "two").id)
    assert states(store) == {"one": "live", "two": "live", "three": "retracted"}
    assert is_sound(store)


def test_what_stands_under_the_key_by_now_is_an_alternative(store: MemoryStore):
    store.put("k", "one")
    one = only(store, "one").id
    store.retract([one])
    store.put("k", "two")
    store.undo(one)
    assert states(store) == {"one": "live", "two": "live"}
    assert links(store, "alternative") == {("two", "one")}
    assert is_sound(store)


def test_a_retraction_after_a_change_is_undone_a_step_at_a_time(store: MemoryStore, clock: HandClock):
    store.observe(Event(id="a", text="Bonn"))
    store.correct("a", "Rome", since=clock.now + DAY)
    store.retract(["a"])
    store.undo("a")
    record = store.get(["a"])[0]
    assert (record.state, record.valid_to) == ("live", clock.now + DAY)
    store.undo("a")
    assert store.get(["a"])[0].valid_to is None
    assert states(store) == {"Bonn": "live", "Rome": "retracted"}
    with pytest.raises(NotApplicable):
        store.undo("a")
    assert is_sound(store)


def test_less_trust_never_undoes_what_more_trust_did(store: MemoryStore):
    store.observe(Event(id="w", text="nine", trust=Trust.WEB), Event(id="a", text="ten", trust=Trust.AGENT))
    store.retract(["w"])
    store.correct("a", "eleven", trust=Trust.AGENT)
    for trust in (Trust.WEB, Trust.TOOL, Trust.AGENT):
        with pytest.raises(Refused, match="trusted as 'user'"):
            store.undo("w", trust=trust)
    with pytest.raises(Refused):
        store.undo("a", trust=Trust.TOOL)
    store.undo("a", trust=Trust.AGENT)
    assert states(store) == {"nine": "retracted", "ten": "live", "eleven": "retracted"}
    with pytest.raises(Refused):
        store.undo(only(store, "eleven").id, trust=Trust.TOOL)
    store.undo("w")
    assert only(store, "nine").trust == "web"
    assert is_sound(store)


def test_less_trust_does_not_bring_back_a_value_that_more_trust_replaced(store: MemoryStore):
    store.put("k", "theirs", trust=Trust.WEB)
    store.put("k", "mine")
    with pytest.raises(Refused):
        store.undo(only(store, "mine").id, trust=Trust.WEB)
    assert states(store) == {"mine": "live"}


def test_what_faded_comes_back(bank: Bank, clock: HandClock):
    store = bank.store("fading")
    store.observe(Event(id="a", text="rain in Porto"))
    store.advance(clock.forward(days=30))
    assert store.recall("rain", floor=False) == []
    bank.store().undo("news a", why="still of use")
    assert [hit.text for hit in store.recall("rain", floor=False)] == ["rain in Porto"]
    assert [one.operation for one in store.history("news a")] == ["observed", "advance", "undo"]
    assert is_sound(store)


def test_a_record_that_was_born_out_of_recall_cannot_be_undone(bank: Bank):
    @register
    class Stillborn(MemoryStore):
        name = "stillborn"

        def apply(self, event, view):
            if event.store:
                return ChangeSet()
            return ChangeSet(records=(Record(id="it", text=event.text, state=State.FADED),))

    store = bank.store("stillborn")
    store.observe("x")
    with pytest.raises(NotApplicable, match="nothing retired it"):
        store.undo("it")


def test_of_a_record_that_is_forgotten_the_undone_correction_stays_out(store: MemoryStore):
    store.observe(Event(id="a", text="nine"), Event(id="b", text="else"))
    store.correct("a", "ten")
    store.undo("a")
    store.bank.forget(NS, records=["a"])
    assert {text: state for text, state in states(store).items() if text} == {
        "else": "live",
        "ten": "retracted",
    }
    assert is_sound(store)


def test_forgetting_the_correction_leaves_what_was_corrected(store: MemoryStore):
    store.observe(Event(id="a", text="nine"))
    receipt = store.correct("a", "ten")
    store.undo("a")
    store.bank.forget(NS, events=[receipt.event_id])
    assert states(store) == {"nine": "live"}
    assert is_sound(store)


def test_an_export_carries_it(store: MemoryStore, open_bank):
    store.observe(Event(id="a", text="nine"))
    store.correct("a", "ten")
    store.undo("a")
    other = open_bank("other.db")
    assert other.load(exported(store.bank)).not_applicable == ()
    assert states(other.store()) == states(store)
    assert exported(other)[1:] == exported(store.bank)[1:]
    assert is_sound(other.store())


def test_it_can_be_awaited(store: MemoryStore):
    store.observe(Event(id="a", text="nine"))
    store.retract(["a"])
    assert asyncio.run(store.aundo("a")).status == "stored"
    assert states(store) == {"nine": "live"}


steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["put", "late", "since", "correct", "dated", "by", "retract", "undo", "undo", "forget"]
        ),
        st.sampled_from(["k1", "k2"]),
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(list(Trust)),
        st.integers(0, 9),
    ),
    max_size=12,
)


@given(steps)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_whatever_is_undone_the_records_are_what_the_journal_says(done):
    clock = HandClock()
    with Bank(
        "sqlite://", embedder=HashingEmbedder(8), settings=Settings(embedder="hashing"), clock=clock
    ) as bank:
        store = bank.store()
        for what, key, text, trust, n in done:
            ids = [one.id for one in store.select() if one.state != "forgotten"]
            one, other = (ids[n % len(ids)], ids[n // 2 % len(ids)]) if ids else ("", "")
            try:
                if what == "put":
                    store.put(key, text, trust=trust)
                elif what == "late":
                    store.put(key, text, trust=trust, time=clock.now - n * DAY)
                elif what == "since":
                    store.put(key, text, trust=trust, since=clock.now + (n - 5) * DAY)
                elif one and what in ("correct", "dated"):
                    store.correct(one, text, trust=trust, since=clock.now if what == "dated" else None)
                elif one != other and what == "by":
                    store.correct(one, by=other, trust=trust)
                elif one and what == "retract":
                    store.retract([one], trust=trust)
                elif one and what == "undo":
                    store.undo(one, trust=trust)
                    record = store.get([one])[0]
                    assert record.state == "live"
                elif one:
                    bank.forget(NS, records=[one])
            except (NotApplicable, Refused):
                pass
            clock.forward(hours=1)
        assert bank.verify() == []
