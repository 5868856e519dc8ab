"""What trading came to, by empyrical: return, Sharpe, volatility, drawdown, turnover and costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agentmem.errors import InvalidInput
from agentmem.extras import needed
from agentmem.records import Value

YEAR = 252
"""Days of trading in a year."""
_STILL = 1e-12
"""A volatility below this is none: rounding."""


class Performance(Value):
    """What an equity curve came to; shares, not per cent.

    Attributes:
        days: How many returns there are.
        total: Cumulative return.
        annual: Compound return a year; none where it ended with nothing or less, or the days are so few that
            a year of them is no number.
        sharpe: Mean return by its standard deviation (ddof 1), a year, over a riskless rate of 0; none where
            nothing moved.
        volatility_daily: Standard deviation of the returns (ddof 1).
        volatility: The same a year.
        drawdown: The deepest fall from a high, 0 or less.
        turnover: Value bought and sold, by the mean equity, a year: buying all and selling it once is 2.
        costs: Commissions, borrowing and slippage, by the equity at the beginning.
    """

    days: int
    total: float
    annual: float | None
    sharpe: float | None
    volatility_daily: float
    volatility: float
    drawdown: float
    turnover: float = 0.0
    costs: float = 0.0


def returns_of(equity: ArrayLike) -> NDArray[np.float64]:
    """Returns from day to day of an equity curve, shape (days − 1,).

    Args:
        equity: Of each day, in order; above 0, but for the last, which may be anything.

    Raises:
        InvalidInput: there are not two days, a value is not finite, or equity was used up before the end.
    """
    curve = np.asarray(equity, np.float64)
    if curve.ndim != 1 or len(curve) <= 1:
        raise InvalidInput(f"the equity has the shape {curve.shape}", "give two days at least, in a row")
    if not np.isfinite(curve).all():
        raise InvalidInput("the equity has days that are no number", "give the equity of each day")
    if (curve[:-1] <= 0).any():
        at = int(np.flatnonzero(curve[:-1] <= 0)[0])
        raise InvalidInput(
            f"the equity of day {at} is {curve[at]:g}, from which there is no return", "end the curve there"
        )
    return np.asarray(curve[1:] / curve[:-1] - 1)


def performance(
    equity: ArrayLike, *, traded: float = 0.0, costs: float = 0.0, year: int = YEAR
) -> Performance:
    """What an equity curve came to.

    Args:
        equity: Of each day, in order.
        traded: Value of all that was bought and sold.
        costs: Money that trading has cost.
        year: Days of trading in a year.

    Raises:
        InvalidInput: the curve has no returns (see `returns_of`).
        Unavailable: empyrical is not installed.
    """
    measures, returns = _empyrical(), returns_of(equity)
    curve = np.asarray(equity, np.float64)
    enough = len(returns) > 1
    daily = float(np.std(returns, ddof=1)) if enough else 0.0
    moved = enough and daily > _STILL
    total = float(measures.cum_returns_final(returns))
    annual = math.nan
    if total > -1:
        with np.errstate(over="ignore"):  # a great return of a few days, to the power of a year
            annual = float(measures.annual_return(returns, annualization=year))
    return Performance(
        days=len(returns),
        total=total,
        annual=annual if math.isfinite(annual) else None,
        sharpe=float(measures.sharpe_ratio(returns, annualization=year)) if moved else None,
        volatility_daily=daily,
        volatility=float(measures.annual_volatility(returns, annualization=year)) if enough else 0.0,
        drawdown=float(measures.max_drawdown(returns)),
        turnover=traded / float(np.mean(curve)) * year / len(returns),
        costs=costs / float(curve[0]),
    )


def cumulative(returns: Sequence[float] | NDArray[np.float64]) -> float:
    """Cumulative return: what intervals are asked for, as often as a bootstrap needs it."""
    return float(np.prod(1 + np.asarray(returns)) - 1)


def sharpe(returns: Sequence[float] | NDArray[np.float64], year: int = YEAR) -> float:
    """Sharpe ratio a year over a riskless rate of 0, as `Performance.sharpe`; 0 where nothing moved."""
    values = np.asarray(returns, np.float64)
    deviation = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
    return float(np.mean(values)) / deviation * math.sqrt(year) if deviation > _STILL else 0.0


def drawdowns(equity: ArrayLike) -> NDArray[np.float64]:
    """How far each day lies below the highest before it, 0 or less, shape (days,)."""
    curve = np.asarray(equity, np.float64)
    return np.asarray(curve / np.maximum.accumulate(curve) - 1)


def _empyrical() -> Any:
    with needed("the measures of trading", "market"):
        import empyrical
    return empyrical
