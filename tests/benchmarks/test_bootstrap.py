"""Bootstrap intervals surround the mean, and are the same in every run."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem_bench.bootstrap import interval


@settings(max_examples=20)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_an_interval_lies_within_the_values(values: list[float]) -> None:
    low, high = interval(np.array(values), draws=50)
    assert min(values) - 1e-12 <= low <= high <= max(values) + 1e-12


def test_equal_values_leave_nothing_open() -> None:
    assert interval(np.array([0.5] * 9)) == (0.5, 0.5)


def test_the_interval_is_close_to_that_of_the_normal_distribution() -> None:
    values = np.array([0.0, 1.0] * 200)
    low, high = interval(values)
    half = 1.96 * 0.5 / np.sqrt(400)
    assert abs(low - (0.5 - half)) < 0.005
    assert abs(high - (0.5 + half)) < 0.005


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.random.default_rng(1).random(50)
    assert interval(values) == interval(values)
    assert interval(values, seed=1) != interval(values)
