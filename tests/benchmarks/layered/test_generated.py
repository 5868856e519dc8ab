"""Generated streams: their truth holds together, the same seed gives the same one, and nothing tells the horizon."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem.stores.layered.presets import preset
from agentmem_bench.layered.data import Feedback, Item
from agentmem_bench.layered.generate import BEGIN, Maker, generate, lexicons
from agentmem_bench.layered.regimes import DEVELOPMENT, REGIMES, TEST

SMALL = {name: replace(regime, days=150, entities=3) for name, regime in REGIMES.items()}


@pytest.mark.parametrize("name", REGIMES)
def test_the_same_seed_gives_the_same_stream(name: str) -> None:
    first = generate(SMALL[name], name, 1)
    assert first == generate(SMALL[name], name, 1)
    assert first != generate(SMALL[name], name, 2)


@given(st.sampled_from(list(REGIMES)), st.integers(0, 10_000))
@settings(max_examples=25)
def test_truth_holds_together(name: str, seed: int) -> None:
    maker = Maker(SMALL[name], lexicons()[name], np.random.default_rng(seed))
    stream = maker.made()
    assert all(one.time <= two.time for one, two in pairwise(stream.lines))
    known = {one.id: one for one in maker.statements}
    for query in stream.queries:
        day = (query.time - BEGIN).total_seconds() / 86_400
        about = {known[id].entity for id in (*query.relevant, *query.expired)}
        assert len(about) == 1
        assert query.relevant
        slack = 1 / 86_400  # times are whole seconds
        for id in query.relevant:
            assert known[id].day <= day + slack and day < known[id].until + slack
        for id in query.expired:
            assert known[id].until <= day + slack
    seen: set[str] = set()
    for line in stream.lines:
        if isinstance(line, Item):
            seen.add(line.item)
        elif isinstance(line, Feedback):
            assert line.feedback in seen


def test_what_passes_is_said_in_the_same_words_as_what_will_last() -> None:
    maker = Maker(REGIMES["market"], lexicons()["market"], np.random.default_rng(1))
    maker.made()
    firsts: dict[str, Counter[str]] = {}
    for one in maker.statements:
        firsts.setdefault(one.of, Counter())[one.text.split()[-1]] += 1
    assert set(firsts["sleeper"]) <= set(firsts["noise"] + firsts["passing"]) | set(firsts["sleeper"])
    common = {word for word, _ in firsts["noise"].most_common(5)}
    assert common & set(firsts["sleeper"])


def test_ids_tell_neither_order_nor_horizon() -> None:
    maker = Maker(REGIMES["market"], lexicons()["market"], np.random.default_rng(1))
    maker.made()
    number = np.array([int(one.id[1:]) for one in maker.statements])
    for other in ([one.day for one in maker.statements], [one.until - one.day for one in maker.statements]):
        assert abs(np.corrcoef(number, other)[0, 1]) < 0.1


def test_layers_and_importances_are_told_as_often_as_the_regime_says() -> None:
    for name, regime in REGIMES.items():
        items = generate(regime, name, 1).items
        assert abs(np.mean([one.layer is not None for one in items]) - regime.layer_told) < 0.06
        assert abs(np.mean([one.importance is not None for one in items]) - regime.importance_told) < 0.06
        assert {one.layer for one in items if one.layer} <= set(preset(regime.policy).names)


def test_splits_share_no_seed() -> None:
    assert not set(DEVELOPMENT) & set(TEST)
