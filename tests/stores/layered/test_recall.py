"""Recall equals brute force under the rank of the policy, at any moment, whatever `advance` has written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem.bank import Bank, MemorySpec
from agentmem.errors import InvalidInput, NotFound
from agentmem.records import Event, Hit, State
from agentmem.stores.layered.ranking import best
from agentmem.stores.layered.store import LayeredMemory

HOME = ("desk",)
START = datetime(2024, 2, 26, 9, tzinfo=UTC)  # a leap day is near, and so is the change of the clock
WORDS = ("quince", "medlar", "lighthouse", "harbour", "violin", "plum")


def days(n: float) -> timedelta:
    return timedelta(days=n)


def fill(memory: LayeredMemory, seed: int, n: int, over: float = 200.0) -> list[str]:
    """Some items of all layers over some days, of which some are used."""
    choose = np.random.default_rng(seed)
    kinds = ("news", "quarterly", "annual", "reflection")
    events = [
        Event(
            id=f"e{number}",
            type=str(choose.choice(kinds)),
            text=" ".join(choose.choice(WORDS, 4)) + f" {number}",
            time=START + days(float(choose.uniform(0, over))),
            data={"importance": float(choose.integers(0, 101))} if choose.random() < 0.5 else {},
        )
        for number in range(n)
    ]
    events.sort(key=lambda event: event.time or START)
    memory.observe(*events)
    ids = [record.id for record in memory.select()]
    for number in range(n // 3):
        id = ids[int(choose.integers(0, len(ids)))]
        (record,) = memory.get([id])
        at = (record.time or START) + days(float(choose.uniform(0, 30)))
        memory.feedback([id], str(choose.choice(["helped", "harmed"])), 1.0, time=at)
        if number % 4 == 0:
            memory.feedback([id], "helped", 1.0, time=at + days(1))
    return ids


def by_hand(memory: LayeredMemory, text: str, at: datetime) -> dict[str, list[tuple[float, str]]]:
    """Every live item's score by its standing at a moment, computed one by one, best first, by layer."""
    view = memory.bank.view(HOME, store="layered")
    shelf = view.shelf()
    vector = view.embed(text)
    assert vector is not None
    found: dict[str, list[tuple[float, str]]] = {name: [] for name in memory.policy.names}
    for record in memory.select():
        if record.type == "clock" or (stand := memory.standing(record.id, at)) is None or stand.faded:
            continue
        slot = shelf.slots_of(np.array([view.row_of(record.id)]))
        cosine = float(shelf.fields["text"].cosines(vector, slot)[0])
        weights = next(one.weights for one in memory.policy.layers if one.name == stand.layer)
        score = (
            weights.recency * stand.recency
            + weights.relevance * cosine
            + weights.importance * min(stand.importance, 100) / 100
        )
        found[stand.layer].append((score, record.id))
    return {name: sorted(some, key=lambda pair: -pair[0]) for name, some in found.items()}


def agree(hits: list[Hit], expected: list[tuple[float, str]], k: int) -> None:
    assert [hit.score for hit in hits] == pytest.approx([score for score, _ in expected[:k]], abs=1e-5)
    clear = {id for (score, id), (after, _) in pairwise(expected[: k + 1]) if score - after > 1e-5}
    assert clear <= {hit.id for hit in hits} | {expected[min(k, len(expected)) - 1][1]} if expected else True
    assert all(hit.score == pytest.approx(sum(hit.parts.values())) for hit in hits)


@pytest.mark.parametrize("policy", ["finmem", "finmem_code", "support_desk", "assistant"])
def test_recall_by_layer_and_in_one_list_equals_brute_force(
    opened: Callable[..., LayeredMemory], bank: Bank, policy: str
):
    memory = opened(bank, policy=policy)
    fill(memory, 3, 120)
    for at in (START + days(20), START + days(199.5), START + days(260)):
        expected = by_hand(memory, "quince harbour", at)
        found = memory.recall_layers("quince harbour", at=at, k=5, floor=False)
        assert list(found) == list(memory.policy.names)
        for name, hits in found.items():
            agree(hits, expected[name], 5)
            assert all(hit.record.payload["layer"] == name for hit in hits)
        merged = sorted((pair for some in expected.values() for pair in some), key=lambda pair: -pair[0])
        agree(memory.recall("quince harbour", at=at, k=7, floor=False), merged, 7)


def scored(hits: list[Hit]) -> list[tuple[str, float, str]]:
    return [(hit.id, round(hit.score, 9), str(hit.record.payload["layer"])) for hit in hits]


@pytest.mark.parametrize(
    "seed", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)]
)
def test_asking_about_a_moment_gives_the_same_before_and_after_time_has_passed(
    opened: Callable[..., LayeredMemory], open_bank: Callable[..., Bank], seed: int
):
    """One memory is never advanced, one each day, one at once: a query cannot tell them apart."""
    never, daily, once = (opened(open_bank(f"{name}.db")) for name in ("never", "daily", "once"))
    for memory in (never, daily, once):
        fill(memory, seed, 60, over=60.0)
    last = START + days(130)
    for n in range(1, 131, 2):
        daily.advance(START + days(n))
    daily.advance(last)
    once.advance(last)
    for at in (START + days(n) for n in (10, 40.25, 75, 130)):
        asked = {"at": at, "k": 100, "floor": False, "states": (State.LIVE, State.FADED)}
        expected = scored(never.recall("violin plum", **asked))
        assert scored(daily.recall("violin plum", **asked)) == expected
        assert scored(once.recall("violin plum", **asked)) == expected
        assert never.population(at) == daily.population(at) == once.population(at)
    assert stands(daily) == stands(once)


def stands(memory: LayeredMemory) -> list[object]:
    items = memory.select('type != "clock"')
    return [(record.id, record.state, record.payload, record.due_at) for record in items]


def test_reading_changes_nothing(memory: LayeredMemory):
    fill(memory, 5, 30)
    before = [(record.id, record.version, record.payload) for record in memory.select()]
    for at in (START, START + days(400), START + days(3)):
        memory.recall("quince", at=at, floor=False)
        memory.population(at)
        memory.survival(at)
    assert [(record.id, record.version, record.payload) for record in memory.select()] == before


def test_what_has_not_happened_is_not_recalled(memory: LayeredMemory):
    past = memory.note("quince harbour", time=START)
    future = memory.note("quince harbour tomorrow", time=START + days(1))
    assert [hit.id for hit in memory.recall("quince harbour", at=START + days(0.5))] == [past]
    assert {hit.id for hit in memory.recall("quince harbour", at=START + days(1))} == {past, future}
    assert memory.recall("quince harbour", at=START - days(1)) == []
    told = memory.explain("quince harbour", future, at=START)
    assert (told.recalled, told.step) == (False, "time")


def test_an_old_important_item_is_found_among_thousands_of_fresh_ones(memory: LayeredMemory):
    old = memory.note("the lighthouse keeper is called Ines", kind="annual", importance=100, time=START)
    now = START + days(20)
    memory.observe(
        *(
            Event(text=f"plum {n} violin", type="news", time=now, data={"importance": 59.0})
            for n in range(3_000)
        )
    )
    (first, *_) = memory.recall("lighthouse keeper", at=now, floor=False)
    assert first.id == old
    assert [
        hit.id for hit in memory.recall_layers("lighthouse keeper", at=now, k=3, floor=False)["deep"]
    ] == [old]


def test_what_has_faded_can_be_asked_for(memory: LayeredMemory):
    id = memory.note("quince harbour", kind="news", importance=40, time=START)
    later = START + days(60)
    assert memory.recall("quince harbour", at=later) == []
    told = memory.explain("quince harbour", id, at=later)
    assert (told.recalled, told.step) == (False, "faded")
    assert "shallow" in told.reason
    for advanced in (False, True):
        if advanced:
            memory.advance(later)
        (hit,) = memory.recall("quince harbour", at=later, states=(State.FADED,))
        assert (hit.id, hit.record.state) == (id, State.FADED)
        assert [hit.id for hit in memory.recall("quince harbour", at=START + days(1))] == [id]


def test_a_view_of_the_past_sees_no_later_feedback(memory: LayeredMemory, clock: Any):
    id = memory.note("quince harbour", kind="news", importance=50, time=START)
    memory.feedback([id], "helped", time=START + days(5))
    (before,) = memory.recall("quince harbour", at=START + days(4))
    (after,) = memory.recall("quince harbour", at=START + days(5))
    assert before.record.payload["importance"] == pytest.approx(50 * 0.9**4)
    assert after.record.payload["importance"] == pytest.approx(50 * 0.9**5 + 5)


def test_nothing_relevant_is_an_answer(opened: Callable[..., LayeredMemory], bank: Bank):
    memory = opened(bank)
    memory.note("quince harbour", time=START)
    assert memory.recall("zebra umbrella", at=START) == []
    assert memory.recall("zebra umbrella", at=START, floor=False) != []


def test_filters_and_the_newest(memory: LayeredMemory):
    memory.note("quince one", time=START, metadata={"symbol": "AAA"})
    second = memory.note("quince two", time=START + days(1), metadata={"symbol": "BBB"})
    asked = {"at": START + days(2), "filter": 'metadata.symbol = "BBB"'}
    assert [hit.id for hit in memory.recall("quince", **asked)] == [second]
    assert [hit.text for hit in memory.recall("", at=START + days(2))] == ["quince two", "quince one"]
    assert [hit.text for hit in memory.recall("", at=START + days(2), k=1)] == ["quince two"]
    newest = memory.recall_layers("", at=START + days(2), k=2)
    assert [hit.text for hits in newest.values() for hit in hits] == ["quince two", "quince one"]


def test_a_memory_over_namespaces_refuses_layers_that_it_does_not_have(bank: Bank):
    above, below = (
        bank.store(MemorySpec(store="layered", options={"policy": policy}), namespace)
        for policy, namespace in (("finmem", ("desk",)), ("assistant", ("desk", "ada")))
    )
    above.observe(Event(text="quince", time=START))
    below.observe(Event(text="quince", time=START))
    assert len(above.recall("quince", at=START)) == 1
    with pytest.raises(InvalidInput, match="no layer 'moment'"):
        above.recall("quince", at=START, scope="prefix")


def test_ties_are_broken_alike_every_time(memory: LayeredMemory):
    memory.observe(
        *(Event(id=f"same{n}", text="quince harbour", time=START, data={"importance": 40}) for n in range(9))
    )
    first = [hit.id for hit in memory.recall("quince", at=START, k=4)]
    assert all([hit.id for hit in memory.recall("quince", at=START, k=4)] == first for _ in range(3))
    assert first == [hit.id for hit in memory.recall("quince", at=START, k=9)][:4]


def test_the_rank_has_no_steps_and_no_reranker(memory: LayeredMemory):
    memory.note("quince", time=START)
    for changes in ({"steps": ("dense",)}, {"rerank": True}):
        with pytest.raises(InvalidInput, match="recency, relevance and importance"):
            memory.recall("quince", at=START, **changes)


def test_near_duplicates_can_be_left_out(memory: LayeredMemory):
    for n in range(3):
        memory.note("quince harbour", id=f"d{n}", time=START, importance=40)
    memory.note("medlar violin", time=START, importance=40)
    texts = [hit.text for hit in memory.recall("quince harbour", at=START, floor=False, dedupe=True)]
    assert sorted(texts) == ["medlar violin", "quince harbour"]


def test_explanations_tell_rank_and_parts(memory: LayeredMemory):
    ids = [memory.note(f"quince {n}", time=START, importance=10 * n + 10) for n in range(4)]
    at = START + days(1)
    hits = memory.recall("quince", at=at, floor=False)
    for rank, hit in enumerate(hits, 1):
        told = memory.explain("quince", hit.id, at=at, floor=False)
        assert (told.recalled, told.rank, told.parts) == (True, rank, hit.parts)
    last = hits[-1]
    told = memory.explain("quince", last.id, at=at, floor=False, k=1)
    assert (told.recalled, told.rank, told.step) == (False, len(hits), "rank")
    assert told.score == pytest.approx(last.score)
    with pytest.raises(NotFound):
        memory.explain("quince", "nobody", at=at)
    assert set(ids) == {hit.id for hit in hits}


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(0, 6_000), st.integers(1, 50))
def test_looking_from_the_highest_down_finds_the_best(seed: int, n: int, k: int):
    choose = np.random.default_rng(seed)
    fixed = np.round(choose.exponential(0.4, n), 2)
    weight = choose.choice([0.0, 0.5, 1.0], n)
    cosine = np.round(choose.uniform(-0.3, 0.9, n), 2)
    cosine[choose.random(n) < 0.1] = np.nan
    places, scores, _ = best(fixed, weight, lambda at: cosine[at], k)
    whole = fixed + weight * np.nan_to_num(cosine)
    expected = np.lexsort((np.arange(n), -whole))[:k]
    assert places.tolist() == expected.tolist()
    assert scores == pytest.approx(whole[expected])
