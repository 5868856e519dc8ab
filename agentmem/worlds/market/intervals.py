"""Intervals for what returns came to, by arch's stationary bootstrap (Politis and Romano, 1994)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field

from agentmem.errors import InvalidInput
from agentmem.extras import needed
from agentmem.records import Value
from agentmem.worlds.market.metrics import cumulative

Statistic = Callable[[NDArray[np.float64]], float]
"""Of returns, shape (days,)."""
LEAST = 20
"""Days below which blocks say nothing."""


class Bootstrap(Value):
    """How returns are drawn anew.

    Attributes:
        draws: How often.
        block: The mean length of a block, in days; none: that which arch finds best for the series (Patton,
            Politis and White, 2009), one at least.
        level: Of the interval.
        seed: Of the draws.
    """

    draws: Annotated[int, Field(ge=100)] = 1000
    block: Annotated[int, Field(ge=1)] | None = None
    level: Annotated[float, Field(gt=0, lt=1)] = 0.95
    seed: int = Field(default=0, ge=0)


class Interval(Value):
    """A value, and between what it lies.

    Attributes:
        value: Of the returns as they are.
        low: The lower end, a percentile of the draws.
        high: The upper end.
        block: The mean length of a block.
    """

    value: float
    low: float
    high: float
    block: int


def interval(returns: ArrayLike, statistic: Statistic = cumulative, how: Bootstrap | None = None) -> Interval:
    """A statistic of returns with its percentile interval.

    Args:
        returns: Of each day, shape (days,).
        statistic: What is asked for.
        how: How returns are drawn; none: the defaults.

    Raises:
        InvalidInput: there are fewer than `LEAST` days, or one is no number.
        Unavailable: arch is not installed.
    """
    values = _checked(returns)
    return _drawn(values[:, None], lambda drawn: statistic(drawn[:, 0]), values, how or Bootstrap())


def difference(
    first: ArrayLike, second: ArrayLike, statistic: Statistic = cumulative, how: Bootstrap | None = None
) -> Interval:
    """By how much a statistic of two series over the same days differs: first less second.

    Days are drawn in pairs, so that what both share does not widen the interval.

    Args:
        first: Returns of each day, shape (days,).
        second: The same of the other.
        statistic: What is asked for.
        how: How returns are drawn; none: the defaults.

    Raises:
        InvalidInput: they differ in length, there are fewer than `LEAST` days, or one is no number.
        Unavailable: arch is not installed.
    """
    left, right = _checked(first), _checked(second)
    if len(left) != len(right):
        raise InvalidInput(
            f"the series have {len(left)} and {len(right)} days", "compare them over the same days"
        )
    both = np.column_stack([left, right])
    return _drawn(
        both, lambda drawn: statistic(drawn[:, 0]) - statistic(drawn[:, 1]), left - right, how or Bootstrap()
    )


def _checked(returns: ArrayLike) -> NDArray[np.float64]:
    values = np.asarray(returns, np.float64)
    if values.ndim != 1 or len(values) < LEAST:
        raise InvalidInput(f"there are returns of the shape {values.shape}", f"give {LEAST} days at least")
    if not np.isfinite(values).all():
        raise InvalidInput("a return is no number", "give the return of each day")
    return values


def _drawn(
    days: NDArray[np.float64],
    statistic: Callable[[NDArray[np.float64]], float],
    dependent: NDArray[np.float64],
    how: Bootstrap,
) -> Interval:
    """The interval of a statistic of rows of days; `dependent` is the series that sets the block."""
    arch = _arch()
    block = how.block or _best(arch, dependent)
    bootstrap = arch.StationaryBootstrap(block, days, seed=how.seed)
    drawn = bootstrap.apply(statistic, how.draws)[:, 0]
    tail = (1 - how.level) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return Interval(value=statistic(days), low=float(low), high=float(high), block=block)


def _best(arch: Any, values: NDArray[np.float64]) -> int:
    if np.ptp(values) == 0:
        return 1
    best = float(arch.optimal_block_length(values)["stationary"].iloc[0])
    return min(max(1, round(best)), len(values) // 2) if np.isfinite(best) else 1


def _arch() -> Any:
    with needed("intervals by block bootstrap", "market"):
        from arch import bootstrap
    return bootstrap
