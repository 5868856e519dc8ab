"""Rules that need no memory, to compare with: buy and hold, moving averages, chance."""

from __future__ import annotations

import math
import zlib

import numpy as np

from agentmem.agents.trading.values import HISTORY, Day, Decision
from agentmem.errors import InvalidInput
from agentmem.worlds.market.metrics import YEAR
from agentmem.worlds.market.replay import Rule

_HOLD = Decision(side="hold")


def buy_and_hold(day: Day) -> Decision:
    """Buy what the limit allows, and keep it."""
    return _HOLD if day.position else Decision(side="buy", size=1.0, reason="buy and hold")


def moving_averages(fast: int = 20, slow: int = 100) -> Rule:
    """Buy while the mean of the last `fast` closes is above that of the last `slow`, sell while it is below.

    Args:
        fast: Days of the quick mean.
        slow: Days of the slow mean; before there are so many, nothing is done.

    Raises:
        InvalidInput: `fast` is not from 1 to below `slow`, or `slow` is more than a day carries.
    """
    if not 1 <= fast < slow <= HISTORY:
        raise InvalidInput(
            f"the means are of {fast} and {slow} days", f"give fast < slow, from 1 to {HISTORY}"
        )

    def rule(day: Day) -> Decision:
        if len(day.closes) < slow:
            return _HOLD
        quick, steady = (float(np.mean(day.closes[-days:])) for days in (fast, slow))
        above = quick > steady
        if math.isclose(quick, steady) or above == (day.position > 0):
            return _HOLD
        reason = f"the mean of {fast} days is {'above' if above else 'below'} that of {slow}"
        return Decision(side="buy" if above else "sell", size=1.0, reason=reason)

    return rule


def chance(turnover: float, seed: int = 0, year: int = YEAR) -> Rule:
    """Change by chance between all and nothing, so often that the turnover is the one asked for.

    Each day and symbol is drawn by itself from the seed: what happened before changes nothing. A change
    trades about what the limit of a position allows, so that with limits that sum to 1 over the symbols the
    turnover comes out as asked for, up to chance.

    Args:
        turnover: As `Performance.turnover` says it, from 0 to `year`.
        seed: Of the draws.
        year: Days of trading in a year.

    Raises:
        InvalidInput: the turnover is not from 0 to `year`.
    """
    if not 0 <= turnover <= year:
        raise InvalidInput(f"the turnover is {turnover}", f"give one from 0 to {year} a year")

    def rule(day: Day) -> Decision:
        draws = np.random.default_rng([seed, zlib.crc32(day.symbol.encode()), day.date.toordinal()])
        if draws.random() >= turnover / year:
            return _HOLD
        return Decision(side="sell" if day.position else "buy", size=1.0, reason="chance")

    return rule
