"""The pipeline over a bank: parts that sum, steps and options, the floor, and why a record is not recalled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import InvalidInput, NotFound
from agentmem.records import Event
from agentmem.retrieval.policy import RetrievalPolicy
from agentmem.retrieval.steps import STEPS
from agentmem.stores import MemoryStore
from agentmem.testing import HandClock

TALK = (
    ("Maya", "I planted a quince tree behind the shed."),
    ("Ben", "Which tree is it?"),
    ("Maya", "It is a Vranja, my grandmother grew it."),
    ("Ben", "My violin needs new strings."),
    ("Maya", "The harbour was full of swallows in the morning."),
    ("Ben", "I saw a medlar at the market."),
)


@pytest.fixture
def store(bank: Bank, clock: HandClock) -> MemoryStore:
    store = bank.store()
    events = []
    for n, (actor, text) in enumerate(TALK):
        events.append(
            Event(id=str(n), actor=actor, text=text, session="s", time=clock.now + timedelta(days=n))
        )
    store.observe(*events)
    clock.forward(days=10)
    return store


def test_the_best_hit_is_first_and_parts_say_why(store: MemoryStore):
    hits = store.recall("Who planted the quince tree?")
    assert hits[0].id == "0"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert set(hits[0].parts) >= {"dense", "text", "near dense", "near text", "asks"}
    assert len({hit.id for hit in hits}) == len(hits)


words = st.sampled_from(
    ["quince", "tree", "Maya", "Ben", "violin", "yesterday", "in January", "what", "?", "zzz"]
)


@given(
    st.lists(words, min_size=1, max_size=5).map(" ".join),
    st.lists(st.sampled_from(list(STEPS)), max_size=7, unique=True).map(tuple) | st.none(),
    st.none() | st.floats(0, 1),
    st.booleans(),
    st.integers(1, 8),
)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_parts_sum_and_explain_agrees_with_recall(told: MemoryStore, question, steps, mmr, dedupe, k):
    changes = {"steps": steps, "mmr": mmr, "dedupe": dedupe, "k": k, "floor": False}
    hits = told.recall(question, **changes)
    assert len(hits) <= k
    for rank, hit in enumerate(hits, 1):
        assert hit.score == pytest.approx(sum(hit.parts.values()), abs=1e-9)
        why = told.explain(question, hit.id, **changes)
        assert (why.recalled, why.rank) == (True, rank)
    for record in told.select():
        if record.id not in {hit.id for hit in hits}:
            why = told.explain(question, record.id, **changes)
            assert not why.recalled
            assert why.step
            assert why.reason


@pytest.fixture(scope="module")
def told():
    with Bank("sqlite://", embedder=HashingEmbedder(), settings=Settings(embedder="hashing")) as bank:
        store = bank.store()
        store.observe(
            *(Event(id=str(n), actor=actor, text=text, session="s") for n, (actor, text) in enumerate(TALK))
        )
        yield store


def test_an_ablation_is_a_list_of_steps(store: MemoryStore):
    for name in ("dense", "text"):
        assert set(store.recall("quince tree", steps=(name,))[0].parts) == {name}
    full = store.recall("quince tree", steps=tuple(STEPS))
    assert [(hit.id, hit.score) for hit in full] == [
        (hit.id, hit.score) for hit in store.recall("quince tree")
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"steps": ("dense", "nonsense")},
        {"options": {"nonsense": 1}},
        {"options": {"reach": 0}},
        {"options": {"dense": "much"}},
    ],
)
@pytest.mark.parametrize("text", ["quince", ""])
def test_an_unknown_step_or_option_is_an_error(store: MemoryStore, wrong: dict, text: str):
    with pytest.raises(InvalidInput):
        store.recall(text, **wrong)
    with pytest.raises(InvalidInput):
        store.explain(text, "0", **wrong)


def test_every_option_can_be_set(store: MemoryStore):
    for name, kind in RetrievalPolicy.model_fields.items():
        text = "cpu" if name == "rerank_device" else "x"
        store.recall("quince", options={name: text if kind.annotation is str else 1})


def test_nothing_relevant_is_an_answer(store: MemoryStore):
    high = {"floor": 0.9}
    assert store.recall("zzzz qqqq", options=high) == []
    assert store.explain("zzzz qqqq", "0", options=high).step == "floor"
    assert store.recall("zzzz qqqq", options=high, floor=False)
    assert store.recall("Who planted the quince tree?", options=high)


def test_an_empty_question_asks_for_the_newest(store: MemoryStore):
    assert [hit.id for hit in store.recall("", k=2)] == ["5", "4"]
    assert [hit.id for hit in store.recall("  ", k=1, filter='actor = "Maya"')] == ["4"]


def test_who_is_named_is_preferred(store: MemoryStore):
    hits = store.recall("What did Ben say of a tree?", floor=False)
    parts = {hit.id: hit.parts["names"] for hit in hits}
    assert {id for id, part in parts.items() if part} <= {"1", "3", "5"}
    assert parts["1"] > 0


def test_what_is_asked_after_in_a_time_is_preferred(store: MemoryStore, clock: HandClock):
    day = (clock.now - timedelta(days=6)).date().isoformat()
    hits = store.recall(f"What was at the harbour on {day}?", floor=False, options={"time_slack": 0})
    assert {hit.id for hit in hits if hit.parts["time"]} == {"4"}


class TestWhyNot:
    """Each reason to drop a record has a name."""

    def test_it_is_there(self, store: MemoryStore):
        why = store.explain("quince tree", "0")
        assert (why.recalled, why.rank) == (True, 1)
        assert why.score == pytest.approx(sum(why.parts.values()))

    def test_no_such_record(self, store: MemoryStore):
        with pytest.raises(NotFound):
            store.explain("quince", "nobody")

    def test_superseded(self, store: MemoryStore):
        store.correct("0", "I planted a pear tree.", why="misheard")
        why = store.explain("quince tree", "0")
        assert (why.recalled, why.step) == (False, "state")
        assert "superseded" in why.reason
        assert "misheard" in why.reason

    def test_not_known_then(self, store: MemoryStore, clock: HandClock):
        then = clock.now
        clock.forward(days=1)
        store.observe(Event(id="late", text="a late quince"))
        with pytest.raises(NotFound):
            store.explain("quince", "late", known_at=then)

    def test_not_valid(self, store: MemoryStore, clock: HandClock):
        store.put("k", "quince", since=clock.now + timedelta(days=5))
        assert store.explain("quince", store.select('key = "k"')[0].id).step == "valid"

    @pytest.mark.parametrize(
        ("changes", "step"),
        [
            ({"filter": 'actor = "Ben"'}, "filter"),
            ({"since": 5}, "since"),
            ({"until": -5}, "until"),
            ({"k": 1}, "rank"),
            ({"options": {"reach": 1}}, "candidates"),
            ({"options": {"floor": 9.0}}, "floor"),
        ],
    )
    def test_others(self, store: MemoryStore, clock: HandClock, changes: dict, step: str):
        start = clock.now - timedelta(days=10)
        changes = {
            name: start + timedelta(days=v) if name in ("since", "until") else v
            for name, v in changes.items()
        }
        asked = {"rank": "quince", "candidates": "violin", "floor": "quince"}.get(step, "quince tree")
        id = {"rank": "3", "candidates": "0"}.get(step, "0")
        why = store.explain(asked, id, **changes)
        assert (why.recalled, why.step) == (False, step)

    def test_a_duplicate(self, store: MemoryStore):
        store.observe(Event(id="twin", actor="Maya", text=TALK[0][1]))
        hits = store.recall(TALK[0][1], dedupe=True, floor=False)
        out = ({"0", "twin"} - {hit.id for hit in hits}).pop()
        assert store.explain(TALK[0][1], out, dedupe=True, floor=False).step == "duplicates"

    def test_what_is_too_much_like_better_hits(self, store: MemoryStore):
        store.observe(Event(id="twin", actor="Maya", text=TALK[0][1]))
        asked = {"mmr": 0.1, "k": 2, "floor": False}
        hits = {hit.id for hit in store.recall(TALK[0][1], **asked)}
        (out,) = {"0", "twin"} - hits
        assert store.explain(TALK[0][1], out, **asked).step == "diversity"

    def test_another_store(self, store: MemoryStore):
        why = store.bank.store("sliding").explain("quince", "0")
        assert why.recalled or why.step

    def test_an_empty_question(self, store: MemoryStore):
        assert store.explain("", "5", k=2).recalled
        assert not store.explain("", "0", k=2).recalled
