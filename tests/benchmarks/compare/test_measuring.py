"""Paired differences, by hand and by what must hold of any."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem_bench.compare.measuring import LEAST_CHANGED, SIGNIFICANT, compared, corrected, p_value
from agentmem_bench.paired import Paired, digest

VALUES = st.dictionaries(
    st.sampled_from([f"q{place}" for place in range(12)]),
    st.floats(0, 1).map(lambda value: round(value, 3)),
    min_size=1,
)


def test_a_difference_by_hand() -> None:
    first = {"p": 0.0, "q": 0.5, "r": 1.0, "s": 1.0, "only here": 9.0}
    second = {"s": 1.0, "p": 1.0, "q": 1.0, "r": 0.5, "only there": 9.0}
    found = compared("recall", first, "recall", second)
    assert found is not None
    assert (found.n, found.a, found.b, found.difference) == (4, 0.625, 0.875, 0.25)
    assert (found.rose, found.fell, found.equal, found.changed) == (2, 1, 1, 3)
    # Of the 8 ways to sign 1, 1/2 and 1/2 these sum to 1 or more: +++, ++- and +-+.
    assert found.p == found.q == pytest.approx(2 * 3 / 8)
    assert found.ci95 is not None
    low, high = found.ci95
    assert -0.5 <= low < 0.25 < high <= 1


def test_the_test_is_exact_where_all_ways_can_be_gone_through() -> None:
    assert p_value(np.full(8, 0.1)) == pytest.approx(2 / 2**8)
    assert p_value(np.array([1.0, 1.0, -1.0, 0.0, 0.0])) == 1.0
    assert p_value(np.array([0.3])) == p_value(np.zeros(5)) == 1.0


def test_many_units_are_drawn_from_with_the_same_result_each_time() -> None:
    apart = np.array([1.0] * 40 + [-1.0] * 10 + [0.0] * 900)
    assert p_value(apart) == p_value(apart) == pytest.approx(2 / 10_000)
    assert p_value(np.array([1.0] * 26 + [-1.0] * 24)) > 0.8


def test_fewer_changed_units_than_said_can_never_be_significant() -> None:
    assert p_value(np.ones(LEAST_CHANGED)) < SIGNIFICANT <= p_value(np.ones(LEAST_CHANGED - 1))


def test_no_unit_in_common_is_no_difference_and_one_has_no_interval() -> None:
    assert compared("m", {"p": 1.0}, "m", {"q": 1.0}) is None
    found = compared("m", {"p": 1.0}, "other", {"p": 0.0})
    assert found is not None
    assert found.ci95 is None
    assert (found.difference, found.p) == (-1.0, 1.0)
    assert found.name == "m → other"


def test_what_rounding_left_is_no_difference() -> None:
    found = compared("m", {"p": 0.1 + 0.2, "q": 0.5}, "m", {"p": 0.3, "q": 0.5})
    assert found is not None
    assert (found.equal, found.difference) == (2, 0.0)


def test_p_values_are_corrected_as_benjamini_and_hochberg_do() -> None:
    made = [compared("m", {"p": 0.0, "q": 0.0}, "m", {"p": 0.0, "q": 0.0}) for _ in range(4)]
    some = [
        one.model_copy(update={"p": p})
        for one, p in zip(made, (0.01, 0.04, 0.03, 0.9), strict=True)
        if one is not None
    ]
    found = corrected(some)
    assert [one.q for one in found] == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.9])
    assert [one.significant for one in found] == [True, False, False, False]
    assert corrected([]) == []


@settings(max_examples=30)
@given(VALUES)
def test_a_result_beside_itself_shows_nothing(values: dict[str, float]) -> None:
    found = compared("m", values, "m", values)
    assert found is not None
    assert (found.difference, found.p, found.equal, found.changed) == (0.0, 1.0, len(values), 0)
    assert found.a == found.b
    assert found.ci95 in (None, (0.0, 0.0))


@settings(max_examples=30)
@given(VALUES, VALUES)
def test_sides_that_are_swapped_turn_the_sign(first: dict[str, float], second: dict[str, float]) -> None:
    there, back = compared("m", first, "m", second), compared("m", second, "m", first)
    if there is None or back is None:
        assert not set(first) & set(second)
        assert there is back is None
        return
    assert back.difference == pytest.approx(-there.difference, abs=1e-9)
    assert (back.a, back.b) == pytest.approx((there.b, there.a))
    assert (back.rose, back.fell, back.equal) == (there.fell, there.rose, there.equal)
    assert back.p == pytest.approx(there.p)
    if there.ci95 is not None and back.ci95 is not None:
        assert back.ci95 == pytest.approx((-there.ci95[1], -there.ci95[0]), abs=1e-9)


def test_units_of_one_name_are_all_kept() -> None:
    paired = Paired()
    paired.note("m", ["q", "q"], [True, 1 / 3])
    paired.note("m", ["q", "r"], [0, np.float64(0.25)])
    paired.note("nothing", [], [])
    assert paired.told() == {"m": {"q": 1.0, "q #2": 0.333333, "q #3": 0.0, "r": 0.25}}
    with pytest.raises(ValueError, match="zip"):
        paired.note("m", ["s"], [1, 2])


def test_a_digest_tells_where_parts_end() -> None:
    assert digest(["ab", "c"]) == digest(iter(["ab", "c"])) != digest(["a", "bc"])
