import numpy as np
import pytest

from agentmem.errors import InvalidInput
from agentmem.worlds.market.intervals import Bootstrap, difference, interval
from agentmem.worlds.market.metrics import cumulative, sharpe


def returns(seed, count=300, mean=0.0005):
    return np.random.default_rng(seed).normal(mean, 0.01, count)


def test_an_interval_holds_its_value_and_comes_again_from_its_seed():
    values = returns(0)
    found = interval(values)
    assert found.low < found.value < found.high and found.value == pytest.approx(cumulative(values))
    assert interval(values) == found != interval(values, how=Bootstrap(seed=1))
    narrow = interval(values, how=Bootstrap(level=0.5))
    assert found.low < narrow.low < narrow.high < found.high


def test_equal_series_differ_by_nothing_and_paired_days_narrow_a_difference():
    values = returns(1)
    same = difference(values, values)
    assert same.value == same.low == same.high == 0
    shifted = difference(values + 0.001, values, sharpe)
    alone = interval(values + 0.001, sharpe)
    assert shifted.low > 0 and shifted.high - shifted.low < (alone.high - alone.low) / 3


def test_blocks_are_longer_where_days_hang_together():
    noise = returns(2, 600, 0)
    trending = np.convolve(noise, np.ones(20) / 20, "same")
    assert interval(trending).block > 3 * interval(noise).block
    assert interval(noise, how=Bootstrap(block=7)).block == 7


@pytest.mark.slow
def test_an_interval_of_95_per_cent_holds_the_truth_about_so_often():
    how = Bootstrap(draws=300, block=3)
    held = 0
    for seed in range(200):
        found = interval(returns(seed, 250), lambda drawn: float(np.mean(drawn)), how)
        held += found.low <= 0.0005 <= found.high
    assert 0.88 <= held / 200 <= 0.99


def test_what_says_nothing_is_refused():
    with pytest.raises(InvalidInput, match="20 days at least"):
        interval([0.1] * 19)
    with pytest.raises(InvalidInput, match="no number"):
        interval([0.1] * 20 + [float("nan")])
    with pytest.raises(InvalidInput, match="30 and 31 days"):
        difference([0.1] * 30, [0.1] * 31)
    still = interval([0.0] * 30)
    assert still.value == still.low == still.high == 0
