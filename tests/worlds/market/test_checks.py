import datetime

import numpy as np
import pytest

from agentmem.worlds.market.checks import Checks, notes, split_of, without_splits
from agentmem.worlds.market.prices import Prices, builtin_prices, series

CHECKS = Checks()


@pytest.mark.parametrize(
    ("change", "ratio"),
    [(0.5, 0.5), (0.245, 0.25), (2.02, 2.0), (10.1, 10.0), (0.4, 0.4), (0.05, 0.05)]
    + [(change, None) for change in (0.56, 0.67, 1.0, 1.5, 0.4815, 1.9, 0.45, 2.2, 300.0)],
)
def test_a_change_near_a_ratio_of_whole_numbers_looks_like_a_split(change, ratio):
    assert split_of(change, CHECKS) == ratio


def test_a_split_is_taken_out_of_the_changes_and_a_crash_is_not():
    changes = without_splits(np.array([100, 101, 50.5, 51.0, 24.0]), CHECKS)
    assert changes == pytest.approx([1.01, 1.0, 51 / 50.5, 24 / 51])


def test_gaps_splits_jumps_and_early_ends_are_told_and_prices_left_alone(quoted):
    prices = quoted(A=[10, None, None, None, None, None, None, 10.2, 5.1, 5.0, 2.3], B=[1] * 11, C=[1, 1])
    found = [(note.kind, note.symbol, note.date.isoformat()) for note in notes(prices, CHECKS)]
    assert found == [
        ("gap", "A", "2020-01-10"),
        ("split", "A", "2020-01-13"),
        ("jump", "A", "2020-01-15"),
        ("end", "C", "2020-01-02"),
    ]
    assert prices.of("A").close.tolist() == [10, 10.2, 5.1, 5.0, 2.3]


def test_the_built_in_prices_have_two_odd_days_and_none_after_2000():
    found = notes(builtin_prices(), CHECKS)
    assert [(note.kind, note.symbol) for note in found] == [("jump", "AAPL"), ("split", "RRC")]
    assert max(note.date for note in found) == datetime.date(2000, 9, 29)


def test_nothing_is_odd_where_nothing_is():
    assert notes(Prices({}), CHECKS) == ()
    assert notes(Prices({"A": series([datetime.date(2020, 1, 1)], [1])}), CHECKS) == ()
