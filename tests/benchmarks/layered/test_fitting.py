"""Fitting: a policy is made of its numbers and gives them back, the search keeps what is no worse."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agentmem.config import Settings
from agentmem.embedders import open_embedder
from agentmem.stores.layered.presets import preset
from agentmem_bench.layered.embedding import cosines
from agentmem_bench.layered.fit import SPACES, altered, climb, judge, knobs_of
from agentmem_bench.layered.generate import generate
from agentmem_bench.layered.regimes import REGIMES

HASHING = open_embedder(Settings(embedder="hashing:64"))


@pytest.mark.parametrize("name", ["finmem_fitted", "support_desk", "assistant"])
def test_numbers_of_a_policy_make_it_again(name: str) -> None:
    policy = preset(name)
    knobs = knobs_of(policy)
    assert set(knobs) == set(SPACES["layered"])
    made = altered(policy, knobs)
    assert knobs_of(made) == knobs
    assert made.ladder == policy.ladder


def test_the_search_finds_the_best_of_a_small_space_and_never_gets_worse() -> None:
    space = {"a": tuple(range(8)), "b": tuple(range(8))}
    best, most = climb(space, {"a": 0, "b": 0}, lambda knobs: knobs["a"] - abs(knobs["b"] - 5), tries=200)
    assert (best, most) == ({"a": 7, "b": 5}, 7)
    start = {"a": 7, "b": 5}
    assert climb(space, start, lambda knobs: float(knobs == start), tries=20) == (start, 1.0)


def test_a_family_is_judged_by_f1_and_what_cannot_be_is_worst() -> None:
    regime = replace(REGIMES["market"], days=80, entities=2)
    stream = generate(regime, "market", 1)
    data, base = [(stream, cosines(stream, HASHING))], preset("finmem_fitted")
    knobs = knobs_of(base)
    assert 0 < judge("layered", data, base)(knobs) <= 1
    assert judge("layered", data, base)({**knobs, "margin": 90}) == -1
    assert 0 < judge("recency", data, base)({"half_life": 7, "weight": 0.3, "by_use": True}) <= 1
