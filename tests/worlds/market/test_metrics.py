import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.errors import InvalidInput
from agentmem.worlds.market.metrics import cumulative, drawdowns, performance, returns_of, sharpe

CURVE = [100.0, 110.0, 99.0, 120.0, 114.0]
RETURNS = [0.1, -0.1, 120 / 99 - 1, -0.05]


def test_the_measures_are_those_of_the_hand():
    found = performance(CURVE, traded=212.0, costs=3.0)
    deviation = statistics.stdev(RETURNS)
    assert found.days == 4
    assert found.total == pytest.approx(0.14)
    assert found.annual == pytest.approx(1.14 ** (252 / 4) - 1)
    assert found.sharpe == pytest.approx(statistics.mean(RETURNS) / deviation * math.sqrt(252))
    assert found.volatility_daily == pytest.approx(deviation)
    assert found.volatility == pytest.approx(deviation * math.sqrt(252))
    assert found.drawdown == pytest.approx(99 / 110 - 1)
    assert found.turnover == pytest.approx(212 / statistics.mean(CURVE) * 252 / 4)
    assert found.costs == pytest.approx(0.03)
    assert drawdowns(CURVE) == pytest.approx([0, 0, -0.1, 0, -0.05])
    assert cumulative(RETURNS) == pytest.approx(0.14) and sharpe(RETURNS) == pytest.approx(found.sharpe)


def test_a_year_of_another_length_changes_what_is_said_a_year():
    found = performance(CURVE, year=365)
    assert found.volatility == pytest.approx(found.volatility_daily * math.sqrt(365))
    assert sharpe(RETURNS, 365) == pytest.approx(found.sharpe)


def test_where_nothing_moves_there_is_no_sharpe():
    found = performance([100.0] * 10)
    assert found.sharpe is None and found.volatility == found.total == found.drawdown == 0
    assert performance([1.0, 1.0, 1_000.0]).annual is None
    assert performance([100.0, 101.0]).sharpe is None and sharpe([0.0, 0.0]) == 0


@pytest.mark.parametrize("end", [0.0, -50.0])
def test_a_curve_may_end_in_ruin_but_not_go_on(end):
    found = performance([100.0, 50.0, end])
    assert found.total <= -1 and found.annual is None and found.drawdown <= -1
    with pytest.raises(InvalidInput, match="the equity of day 1"):
        performance([100.0, end, 10.0])


@pytest.mark.parametrize("curve", [[], [1.0], [[1.0, 2.0]], [1.0, float("nan")], [1.0, float("inf"), 2.0]])
def test_what_is_no_curve_is_refused(curve):
    with pytest.raises(InvalidInput, match="equity"):
        returns_of(curve)


@given(st.lists(st.floats(1.0, 1e6), min_size=3, max_size=60))
def test_the_library_and_the_formulas_agree(curve):
    found, values = performance(curve), np.array(curve)
    assert found.total == pytest.approx(values[-1] / values[0] - 1, rel=1e-6, abs=1e-9)
    assert found.drawdown == pytest.approx(drawdowns(curve).min(), rel=1e-6, abs=1e-9)
    assert (found.sharpe or 0) == pytest.approx(sharpe(returns_of(curve)), rel=1e-6, abs=1e-9)
