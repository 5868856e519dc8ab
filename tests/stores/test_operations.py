"""The operations that all stores share, through the methods that every caller gets."""

from __future__ import annotations

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

NS = ("default",)
DAY = timedelta(days=1)


@register
class Beside(MemoryStore):
    """Another store in the same namespace, with records of its own."""

    name = "beside"

    def apply(self, event, view):
        if event.store:
            return ChangeSet()
        return ChangeSet(records=(Record(id=f"beside {event.id}", text=event.text),))


@pytest.fixture
def store(bank: Bank) -> MemoryStore:
    return bank.store()


def live(store: MemoryStore, key: str = "k") -> dict[str, Trust]:
    return {record.text: record.trust for record in store.select(f'key = "{key}" and state = "live"')}


def test_a_key_holds_one_value_and_its_history(store: MemoryStore):
    for text in ("one", "two", "three"):
        store.put("k", text)
    record = store.select('key = "k"')[0]
    assert (record.text, record.version) == ("three", 3)
    assert [version.record.text for version in store.history(record.id)] == ["one", "two", "three"]
    assert [hit.text for hit in store.recall("one two three", floor=False)] == ["three"]


def test_all_that_is_put_is_kept(store: MemoryStore, clock: HandClock):
    due, end = clock.now + DAY, clock.now + 2 * DAY
    store.put(
        "k",
        "text",
        payload={"a": [1]},
        type="task",
        due_at=due,
        expires_at=end,
        pinned=True,
        metadata={"m": None},
        index={"text": "text", "cue": "another cue"},
    )
    record = store.select()[0]
    assert (record.key, record.type, record.payload, record.metadata) == (
        "k",
        "task",
        {"a": [1]},
        {"m": None},
    )
    assert (record.due_at, record.expires_at, record.pinned) == (due, end, True)
    assert record.indexed == {"text": "text", "cue": "another cue"}
    assert [one.id for one in store.bank.view(NS).due(due + DAY)] == [record.id]
    assert store.bank.view(NS).due(due) == []
    assert store.bank.view(NS).search("another cue", field="cue")[0][0].id == record.id


def test_what_is_not_indexed_is_not_searched(store: MemoryStore):
    store.put("k", "quince", index=False)
    assert store.recall("quince", floor=False) == []
    assert store.select()[0].text == "quince"


def test_less_trust_retires_nothing_and_stands_beside(store: MemoryStore):
    store.put("k", "mine")
    store.put("k", "theirs", trust=Trust.WEB)
    assert live(store) == {"mine": "user", "theirs": "web"}
    hit = next(hit for hit in store.recall("mine", floor=False) if hit.text == "mine")
    assert hit.alternatives == (store.select('text = "theirs"')[0].id,)


def test_who_is_trusted_less_replaces_its_own_alternative(store: MemoryStore):
    store.put("k", "mine")
    for text in ("first", "second", "second", "third"):
        store.put("k", text, trust=Trust.AGENT)
    assert live(store) == {"mine": "user", "third": "agent"}


def test_a_page_of_the_web_that_repeats_what_the_user_said_does_not_get_to_replace_it(store: MemoryStore):
    store.put("k", "tea")
    store.put("k", "tea", trust=Trust.WEB)
    assert live(store) == {"tea": "user"}
    store.put("k", "coffee", trust=Trust.WEB)
    assert live(store) == {"tea": "user", "coffee": "web"}


def test_the_user_takes_over_what_the_user_confirms(store: MemoryStore):
    store.put("k", "tea", trust=Trust.WEB)
    receipt = store.put("k", "tea")
    assert live(store) == {"tea": "user"}
    assert store.select()[0].sources == (receipt.event_id,)
    store.bank.forget(NS, events=[receipt.event_id])
    assert live(store) == {"tea": "web"}
    assert store.bank.verify() == []


def test_what_the_user_takes_over_replaces_what_the_user_said(store: MemoryStore):
    store.put("k", "tea")
    store.put("k", "coffee", trust=Trust.AGENT)
    store.put("k", "coffee")
    assert live(store) == {"coffee": "user"}
    tea = store.select('text = "tea"')[0]
    assert tea.state is State.SUPERSEDED
    assert {version.record.text for version in store.history(tea.id)} == {"tea", "coffee"}
    assert store.bank.verify() == []
    store.undo(tea.id)
    assert live(store) == {"tea": "user", "coffee": "user"}
    assert store.bank.verify() == []


def test_who_repeats_the_value_that_stands_gives_up_its_alternative(store: MemoryStore):
    store.put("k", "tea")
    store.put("k", "coffee", trust=Trust.AGENT)
    store.put("k", "tea", trust=Trust.AGENT)
    assert live(store) == {"tea": "user"}
    assert store.bank.verify() == []


def test_an_alternative_that_the_user_said_earlier_or_says_for_later_leaves_the_present(
    store: MemoryStore, clock: HandClock
):
    store.put("k", "tea")
    store.put("k", "coffee", trust=Trust.AGENT)
    store.put("k", "coffee", time=clock.now - DAY)
    assert live(store) == {"tea": "user", "coffee": "agent"}
    store.put("k", "coffee", since=clock.now + DAY)
    [ended] = store.select('text = "tea"')
    assert (ended.state, ended.valid_to) == (State.LIVE, clock.now + DAY)
    assert store.bank.verify() == []


def test_the_same_again_is_a_further_source(store: MemoryStore):
    ids = tuple(store.put("k", "tea").event_id for _ in range(3))
    record = store.select()[0]
    assert record.sources == ids
    store.put("k", "tea", payload={"sugar": 2})
    assert len(store.select()[0].sources) == 1


def test_a_value_that_changes_at_a_date_stays_true_before_it(store: MemoryStore, clock: HandClock):
    store.put("k", "Bonn")
    store.put("k", "Rome", since=clock.now + 5 * DAY)
    assert [hit.text for hit in store.recall("Bonn Rome", floor=False)] == ["Bonn"]
    assert [hit.text for hit in store.recall("Bonn Rome", at=clock.now + 6 * DAY, floor=False)] == ["Rome"]


def test_what_is_told_about_an_earlier_time_leaves_the_present_alone(store: MemoryStore, clock: HandClock):
    now = clock.now
    store.put("job", "Works at Acme.", since=now - 10 * DAY)
    store.put("job", "Works at Beta.", since=now - 100 * DAY)
    assert [hit.text for hit in store.recall("works")] == ["Works at Acme."]
    assert [hit.text for hit in store.recall("works", at=now - 50 * DAY)] == ["Works at Beta."]
    assert store.recall("works", at=now - 200 * DAY) == []
    assert store.bank.verify() == []


def test_what_is_stated_late_enters_the_history(store: MemoryStore, clock: HandClock):
    store.put("k", "new")
    store.put("k", "old", time=clock.now - DAY)
    assert live(store) == {"new": "user"}
    old = store.select('text = "old"')[0]
    assert (old.state, bool(old.why)) == (State.SUPERSEDED, True)
    assert {version.record.text for version in store.history(old.id)} == {"old", "new"}


def test_a_correction_takes_the_place_of_what_was_said(store: MemoryStore):
    store.observe(Event(id="a", actor="Maya", text="nine", session="s"))
    receipt = store.correct("a", "ten", why="misheard")
    old, new = store.select()
    assert (old.state, old.why, old.text) == (State.SUPERSEDED, "misheard", "nine")
    assert (new.text, new.actor, new.sources) == ("ten", "Maya", (receipt.event_id,))
    assert store.bank.events(NS, ["a"])[0].text == "nine"
    assert [version.operation for version in store.history(new.id)] == ["observed", "correct", "correct"]


def test_a_correction_keeps_key_pin_and_metadata(store: MemoryStore):
    store.put("k", "one", pinned=True, metadata={"m": 1}, type="fact")
    store.correct(store.select()[0].id, "two")
    new = store.select('state = "live"')[0]
    assert (new.key, new.pinned, new.metadata, new.type) == ("k", True, {"m": 1}, "fact")
    store.put("k", "three")
    assert live(store) == {"three": "user"}


def test_a_correction_keeps_the_expiry(store: MemoryStore, clock: HandClock):
    end = clock.now + DAY
    store.put("k", "one", expires_at=end, payload={"a": 1}, due_at=end)
    store.correct(store.select()[0].id, "two")
    new = store.select('state = "live"')[0]
    assert (new.expires_at, new.due_at, new.payload) == (end, end, {"a": 1})


def test_a_correction_with_a_date(store: MemoryStore, clock: HandClock):
    store.observe(Event(id="a", text="Bonn"))
    store.correct("a", "Rome", since=clock.now + DAY)
    assert [hit.id for hit in store.recall("Bonn Rome", floor=False)] == ["a"]
    with pytest.raises(NotApplicable):
        store.correct("a", "Oslo")
    assert store.bank.verify() == []


def test_a_correction_by_what_says_it_already(store: MemoryStore):
    store.observe(Event(id="a", text="nine"), Event(id="b", text="ten"))
    store.correct("a", by="b")
    assert [record.id for record in store.select('state = "live"')] == ["b"]
    with pytest.raises(InvalidInput):
        store.correct("b")
    with pytest.raises(InvalidInput):
        store.correct("b", "x", by="a")
    with pytest.raises(NotFound):
        store.correct("b", by="nobody")


def test_a_correction_by_somebody_trusted_less_stands_beside(store: MemoryStore):
    store.observe(Event(id="a", text="nine"))
    store.correct("a", "ten", trust=Trust.WEB)
    assert {record.text: record.state for record in store.select()} == {"nine": "live", "ten": "live"}


def test_a_retraction_leaves_recall_and_stays_in_history(store: MemoryStore):
    store.observe(Event(id="a", text="nine"), Event(id="b", text="ten"))
    store.retract(["a", "b"], why="a joke")
    assert store.recall("nine ten", floor=False) == []
    assert [version.why for version in store.history("a")] == ["", "a joke"]
    assert store.retract(["a"])[0].status == "stored"
    assert len(store.history("a")) == 2


def test_a_retraction_by_somebody_trusted_less_is_refused(store: MemoryStore):
    store.observe(Event(id="a", text="nine"))
    with pytest.raises(Refused):
        store.retract(["a"], trust=Trust.TOOL)
    assert store.get(["a"])[0].state is State.LIVE


def test_operations_reach_the_store_that_holds_the_record(store: MemoryStore):
    beside = store.bank.store("beside")
    store.observe(Event(id="a", text="nine"))
    store.retract(["beside a"])
    assert beside.get(["beside a"])[0].state is State.RETRACTED
    assert store.get(["a"])[0].state is State.LIVE
    assert store.bank.verify() == []


def test_an_operation_names_records_of_one_store(store: MemoryStore):
    store.bank.store("beside")
    store.observe(Event(id="a", text="nine"), Event(id="b", text="ten"))
    for wrong in (
        Event(type="retract", store="episodic", about=("a", "beside a")),
        Event(type="correct", store="episodic", about=("beside a",), text="x"),
        Event(type="correct", store="episodic", about=("a",), data={"by": "beside b"}),
    ):
        with pytest.raises(InvalidInput):
            store.observe(wrong)
    assert store.bank.verify() == []


def test_feedback_and_the_passing_of_time_are_journalled(store: MemoryStore, clock: HandClock):
    store.observe(Event(id="a", text="x"))
    [used], [passed] = store.feedback(["a"], "used", 0.5), store.advance(clock.now + DAY)
    told = store.bank.events(NS, [used.event_id, passed.event_id])
    assert [event.type for event in told] == ["feedback", "advance"]
    assert (told[0].about, told[0].data) == (("a",), {"kind": "used", "value": 0.5})
    with pytest.raises(NotFound):
        store.feedback(["nobody"], "used")


steps = st.lists(
    st.tuples(
        st.sampled_from(["put", "late", "since", "correct", "retract", "forget"]),
        st.sampled_from(["k1", "k2"]),
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(list(Trust)),
        st.integers(-9, 9),
    ),
    max_size=9,
)


@given(steps)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_whatever_is_done_to_keys_the_records_are_what_the_journal_says(done):
    clock = HandClock()
    with Bank(
        "sqlite://", embedder=HashingEmbedder(8), settings=Settings(embedder="hashing"), clock=clock
    ) as bank:
        store = bank.store()
        for what, key, text, trust, days in done:
            standing = [one.id for one in store.select(f'key = "{key}" and state = "live"')]
            try:
                if what == "put":
                    store.put(key, text, trust=trust)
                elif what == "late":
                    store.put(key, text, trust=trust, time=clock.now + days * DAY)
                elif what == "since":
                    store.put(key, text, trust=trust, since=clock.now + days * DAY)
                elif standing and what == "correct":
                    store.correct(standing[0], text, trust=trust, since=clock.now if days > 5 else None)
                elif standing and what == "retract":
                    store.retract(standing[:2], trust=trust)
                elif standing:
                    bank.forget(NS, records=standing[-1:])
            except (NotApplicable, Refused):
                pass
            clock.forward(hours=1)
        user = [r for r in store.select('state = "live" and trust = "user"') if r.valid_to is None]
        assert len(user) == len({record.key for record in user}) or any(
            what == "correct" for what, *_ in done
        )
        assert bank.verify() == []


def test_what_is_pinned_stands_in_every_context_while_it_holds(bank: Bank, clock: HandClock):
    store = bank.store()
    store.put("diet", "Maya eats no nuts", pinned=True, expires_at=clock.now + timedelta(days=2))
    assert "no nuts" in store.synthesize("harbour", 200).text
    clock.forward(days=3)
    assert "no nuts" not in store.synthesize("harbour", 200).text
