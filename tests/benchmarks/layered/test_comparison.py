"""Memories that are compared: each baseline ranks as it says, none sees what has not happened."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from agentmem.config import Settings
from agentmem.embedders import open_embedder
from agentmem.stores.layered.policy import LayerPolicy
from agentmem.stores.layered.presets import PRESETS, preset
from agentmem_bench.layered import baselines, simulate
from agentmem_bench.layered.ablations import ablations, no_decay, no_moves, one_layer
from agentmem_bench.layered.baselines import Cosines, GenerativeAgents, Recency, Seen, Window
from agentmem_bench.layered.constants import FITTED
from agentmem_bench.layered.data import Feedback, Item, Line, Query, Stream
from agentmem_bench.layered.embedding import Remembering, cosines
from agentmem_bench.layered.generate import generate
from agentmem_bench.layered.memories import Flat, Layered, LookedAhead, a_bank, placed, replayed
from agentmem_bench.layered.regimes import REGIMES

HASHING = open_embedder(Settings(embedder="hashing:64"))
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
SMALL = {name: replace(regime, days=110, entities=3) for name, regime in REGIMES.items()}


def day(number: float) -> datetime:
    return BEGIN + timedelta(days=number)


def seen(cosine: list[float], ages: list[float], importance: list[float] | None = None) -> Seen:
    """Items of these ages in days, at the time 0."""
    happened = -86_400 * np.array(ages, np.float64)
    told = np.array(importance if importance else [math.nan] * len(ages))
    return Seen(np.array(cosine), happened, happened.copy(), happened.copy(), told)


def test_a_window_leaves_out_what_is_older() -> None:
    scores = Window(days=7).scores(seen([0.1, 0.9], [7, 7.1]), 0)
    assert scores.tolist() == [0.1, -math.inf]


def test_a_bonus_for_what_is_recent_halves_in_its_half_life() -> None:
    scores = Recency(half_life=10, weight=0.4).scores(seen([0.5, 0.5], [0, 10]), 0)
    assert scores.tolist() == pytest.approx([0.9, 0.7])


def test_a_use_makes_recent_only_where_uses_count() -> None:
    known = replace(seen([0.5], [10]), used=np.array([0.0]))
    assert Recency(half_life=10, weight=0.4, by_use=True).scores(known, 0).tolist() == pytest.approx([0.9])
    assert Recency(half_life=10, weight=0.4).scores(known, 0).tolist() == pytest.approx([0.7])
    assert Window(days=7, by_use=True).scores(known, 0).tolist() == [0.5]


def test_generative_agents_scale_each_part_and_decay_by_the_hour() -> None:
    known = seen([0.2, 0.4, 0.3], [0, 1, 2], [10, math.nan, 90])
    scores = GenerativeAgents(unrated=50).scores(known, 0)
    recency = 0.995 ** np.array([0, 24, 48])
    expected = (recency - recency[2]) / (recency[0] - recency[2]) + [0, 0.5, 1] + [0, 1, 0.5]
    assert scores.tolist() == pytest.approx(expected.tolist())


def test_parts_that_are_all_equal_count_for_all_alike() -> None:
    scores = GenerativeAgents().scores(seen([0.3, 0.3], [1, 1]), 0)
    assert scores[0] == scores[1]
    assert np.isfinite(scores).all()


def lines_of(*lines: Line) -> Stream:
    return Stream(tuple(lines))


def test_no_baseline_sees_what_has_not_happened_and_queries_refresh_what_they_recall() -> None:
    stream = lines_of(
        Item(item="a", time=day(0), text="a"),
        Item(item="b", time=day(1), text="b"),
        Query(query="p", time=day(2), text="p"),
        Item(item="c", time=day(3), text="c"),
        Query(query="q", time=day(30), text="q"),
    )
    known = Cosines(np.array([[0.9, 0.1, 0.95], [0.1, 0.1, 0.1]], np.float32))
    ranked = baselines.ranked(stream, known, GenerativeAgents(relevance=2.0), 3, touched=1)
    assert ranked[0] == ["a", "b"]
    assert ranked[1] == ["c", "a", "b"]  # a was recalled on the second day, b was not


def test_feedback_that_is_bad_refreshes_nothing() -> None:
    for value, first in ((1.0, "a"), (-1.0, "b")):
        stream = lines_of(
            Item(item="a", time=day(0), text="a"),
            Item(item="b", time=day(1), text="b"),
            Feedback(feedback="a", time=day(2), value=value),
            Query(query="q", time=day(3), text="q"),
        )
        known = Cosines(np.array([[0.5, 0.5]], np.float32))
        for baseline in (Recency(by_use=True), GenerativeAgents()):
            assert baselines.ranked(stream, known, baseline, 2, 2)[0][0] == first


POLICIES = {
    **PRESETS,
    "no decay": no_decay(preset("support_desk")),
    "no moves": no_moves(preset("support_desk")),
    "one layer": one_layer(preset("support_desk"), 0),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", POLICIES)
def test_the_store_recalls_what_policies_were_fitted_by(name: str) -> None:
    policy = POLICIES[name]
    regime = next(
        (n for n, one in REGIMES.items() if preset(one.policy).names == policy.names), "support_desk"
    )
    stream = generate(SMALL[regime], regime, 3)
    embedder = Remembering(HASHING)
    with a_bank(embedder) as bank:
        found = replayed(stream, Layered(bank, policy), 10)
    expected = simulate.ranked(stream, cosines(stream, embedder), policy, 10)
    assert [len(one) for one in found] == [len(one) for one in expected]
    same = [one == two for one, two in zip(found, expected, strict=True)]
    assert np.mean(same) > 0.9  # the store keeps vectors in half precision: what is nearly alike may swap


def test_flat_memory_of_ours_is_the_nearest_of_what_has_happened() -> None:
    stream = generate(SMALL["personal"], "personal", 3)
    embedder = Remembering(HASHING)
    with a_bank(embedder) as bank:
        found = replayed(stream, Flat(bank, {"steps": ("dense",)}), 5)
    expected = baselines.ranked(stream, cosines(stream, embedder), baselines.Flat(), 5, 5)
    same = [len(set(one) & set(two)) / 5 for one, two in zip(found, expected, strict=True)]
    assert np.mean(same) > 0.9  # vectors are kept in half precision, and many texts are alike


def test_a_memory_that_recalls_what_has_not_happened_is_caught() -> None:
    class Oracle:
        def keep(self, items: object) -> None: ...

        def learn(self, feedback: Feedback) -> None: ...

        def find(self, query: Query, depth: int) -> list[str]:
            return ["later"]

    stream = lines_of(
        Item(item="now", time=day(0), text="a"),
        Query(query="q", time=day(1), text="q"),
        Item(item="later", time=day(2), text="b"),
    )
    with pytest.raises(LookedAhead, match="query 'q' recalled 'later'"):
        replayed(stream, Oracle(), 5)


def test_an_item_is_placed_by_layer_or_by_kind() -> None:
    policy = preset("finmem")
    item = Item(item="a", time=day(0), text="a", layer="deep")
    assert placed(item, policy) == ("deep", "")
    assert placed(item.model_copy(update={"layer": "news"}), policy) == (None, "news")
    assert placed(item.model_copy(update={"layer": None}), policy) == (None, "")
    with pytest.raises(KeyError):
        placed(item.model_copy(update={"layer": "attic"}), policy)


@pytest.mark.parametrize("name", PRESETS)
def test_ablations_of_every_preset_are_valid_policies(name: str) -> None:
    made = ablations(preset(name))
    for one in made.values():
        assert LayerPolicy.model_validate(one.policy.model_dump(mode="json")) == one.policy
    assert not made["feedback"].feedback
    assert len(made["layers: all in the first"].policy.layers) == 1


def test_every_regime_has_constants() -> None:
    assert set(FITTED) == set(REGIMES)


def test_no_text_is_embedded_twice() -> None:
    class Counting:
        name, dimensions = "counting", 64
        texts = 0

        def parts(self, text: str) -> list[str]:
            return [text]

        def embed(self, texts: list[str]) -> np.ndarray:
            self.texts += len(texts)
            return HASHING.embed(texts)

    inner = Counting()
    embedder = Remembering(inner)  # type: ignore[arg-type]
    first = embedder.embed(["a", "b", "a"])
    again = embedder.embed(["b", "a"])
    assert inner.texts == 2
    np.testing.assert_array_equal(first[:2], again[::-1])
    assert embedder.embed([]).shape == (0, 64)
