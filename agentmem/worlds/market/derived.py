"""What prices alone have to tell on a day, as items: for symbols about which nobody writes.

Everything here is a pure function of the prices up to and with that day.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from pydantic import Field

from agentmem.agents.trading.values import Item
from agentmem.records import Value
from agentmem.worlds.market import telling
from agentmem.worlds.market.checks import Checks, split_of, without_splits
from agentmem.worlds.market.prices import Amounts, Series

Days = Annotated[int, Field(ge=2, le=260)]
Score = Annotated[float, Field(ge=0, le=100)]
YEAR = 252
"""Days of trading in a year, for volatility a year."""
_QUARTERS = 4


class Derivation(Value):
    """When prices tell something; the numbers are ours.

    Attributes:
        move_days: A day's return is compared with those of so many days before it.
        move: How many standard deviations from their mean make it unusual.
        least_deviation: A standard deviation below this counts as this: prices that stood still.
        short: Days of the recent volatility.
        long: Days before these, of the volatility that it is compared with.
        turbulent: A recent volatility that is so many times the other, or more, is told.
        calm: One that is so many times the other, or less, is told.
        extreme_days: A close is a high or a low if it is that of so many days.
        quiet: Days without the same thing that make it new: it is told once at its beginning.
        season: Days of a quarter with prices that make its summary worthwhile; for a year, four times that.
        move_importance: Of a move just unusual enough; each further standard deviation adds `per_deviation`.
        per_deviation: See there.
        most_importance: Of any move.
        state_importance: Of volatility that changes, and of highs and lows.
        quarter_importance: Of a quarter's summary.
        year_importance: Of a year's summary.
    """

    move_days: Days = 60
    move: Annotated[float, Field(gt=0)] = 2.5
    least_deviation: Annotated[float, Field(gt=0)] = 0.001
    short: Days = 20
    long: Days = 120
    turbulent: Annotated[float, Field(gt=1)] = 1.6
    calm: Annotated[float, Field(gt=0, lt=1)] = 0.6
    extreme_days: Days = 252
    quiet: Days = 20
    season: Annotated[int, Field(ge=5, le=120)] = 40
    move_importance: Score = 40.0
    per_deviation: Annotated[float, Field(ge=0)] = 10.0
    most_importance: Score = 80.0
    state_importance: Score = 50.0
    quarter_importance: Score = 60.0
    year_importance: Score = 80.0

    @property
    def reach(self) -> int:
        """How many of the last closes matter at most."""
        year = 2 * YEAR + 30
        return max(year, self.move_days + 2, self.short + self.long + self.quiet + 2, self.extreme_days + 2)


def derived_items(
    symbol: str, seen: Series, now: datetime.datetime, policy: Derivation, checks: Checks
) -> tuple[Item, ...]:
    """What the last of the days in `seen` has to tell.

    A move, a change of volatility, a high or a low are of kind `news`; the summary of a quarter, on the first
    day of the next, is `quarterly`, that of a year `annual`: so the layers of FinMem take them up as they do
    what is written. Texts begin with what they are: `derived-move`, `derived-volatility`,
    `derived-high`, `derived-low`, `derived-quarter`, `derived-year`. What looks like a split, or comes after
    a long gap, is no move.

    Args:
        symbol: Of what.
        seen: Its prices up to and with the day.
        now: The close of that day, the time of the items.
        policy: When something is told.
        checks: What looks like a split, and what is a long gap.
    """
    start = max(0, len(seen) - policy.reach)
    dates, close = seen.dates[start:], seen.close[start:]
    if len(close) <= 1:
        return ()
    returns = without_splits(close, checks) - 1
    path = np.concatenate([[1.0], np.cumprod(1 + returns)])
    gap = int((dates[-1] - dates[-2]).astype(int))
    found: list[tuple[str, float]] = []
    if gap <= checks.longest_gap and split_of(float(close[-1] / close[-2]), checks) is None:
        found += _move(symbol, close, returns, policy)
    found += _volatility(symbol, returns, policy)
    found += _extremes(symbol, close, path, policy)
    made = [("news", text, importance) for text, importance in found]
    made += _seasons(symbol, dates.astype(datetime.date).tolist(), close, path, policy)
    return tuple(
        Item(time=now, symbol=symbol, kind=kind, text=text, importance=importance, derived=True)
        for kind, text, importance in made
    )


def _move(symbol: str, close: Amounts, returns: Amounts, policy: Derivation) -> Iterator[tuple[str, float]]:
    past = returns[-policy.move_days - 1 : -1]
    if len(past) < policy.move_days:
        return
    deviation = max(float(np.std(past, ddof=1)), policy.least_deviation)
    score = (float(returns[-1]) - float(np.mean(past))) / deviation
    if abs(score) < policy.move:
        return
    importance = policy.move_importance + policy.per_deviation * (abs(score) - policy.move)
    text = telling.move(symbol, float(returns[-1]), float(close[-1]), score, deviation, len(past))
    yield text, round(min(importance, policy.most_importance), 1)


def _volatility(symbol: str, returns: Amounts, policy: Derivation) -> Iterator[tuple[str, float]]:
    """Told on the first day of it: on none of the `quiet` days before was it so."""
    if len(returns) < policy.short + policy.long + policy.quiet:
        return
    window = returns[-(policy.short + policy.long + policy.quiet) :]
    recent = np.std(sliding_window_view(window[policy.long :], policy.short), axis=1, ddof=1)
    before = np.std(sliding_window_view(window[: -policy.short], policy.long), axis=1, ddof=1)
    before = np.maximum(before, policy.least_deviation)
    ratio = recent / before
    for turbulent, holds in ((True, ratio >= policy.turbulent), (False, ratio <= policy.calm)):
        if holds[-1] and not holds[:-1].any():
            text = telling.volatility(
                symbol,
                float(recent[-1] * np.sqrt(YEAR)),
                float(ratio[-1]),
                policy.short,
                policy.long,
                turbulent=turbulent,
            )
            yield text, policy.state_importance


def _extremes(symbol: str, close: Amounts, path: Amounts, policy: Derivation) -> Iterator[tuple[str, float]]:
    """Told where the last close is the highest (lowest) of all, and that of none of the `quiet` days was."""
    if len(path) < policy.extreme_days:
        return
    window = path[-policy.extreme_days :]
    for high, values in ((True, window), (False, -window)):
        latest = values[-1]
        quiet_from = len(values) - 1 - policy.quiet
        before = values[:-1].max()
        earlier = np.maximum.accumulate(values)[quiet_from - 1 : -2] if quiet_from > 0 else None
        if latest <= before or (earlier is not None and (values[quiet_from:-1] > earlier).any()):
            continue
        yield (
            telling.extreme(symbol, float(close[-1]), policy.extreme_days, policy.quiet, high=high),
            policy.state_importance,
        )


def _seasons(
    symbol: str, days: list[datetime.date], close: Amounts, path: Amounts, policy: Derivation
) -> Iterator[tuple[str, str, float]]:
    """On the first day of a quarter with a price: that which has ended, and at the turn of a year, that."""
    ended, begun = days[-2], days[-1]
    if _quarter(ended) == _quarter(begun):
        return
    year, number = _quarter(ended)
    first = next(at for at, day in enumerate(days) if _quarter(day) == (year, number))
    if len(days) - 1 - first >= policy.season:
        text = telling.season(
            symbol, f"quarter {number} of {year}", *_figures(path, first), float(close[-2]), YEAR
        )
        yield "quarterly", f"derived-quarter: {text}", policy.quarter_importance
    first = next(at for at, day in enumerate(days) if day.year == year)
    if begun.year != year and len(days) - 1 - first >= _QUARTERS * policy.season:
        text = telling.season(symbol, f"the year {year}", *_figures(path, first), float(close[-2]), YEAR)
        yield "annual", f"derived-year: {text}", policy.year_importance


def _quarter(day: datetime.date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3 + 1


def _figures(path: Amounts, first: int) -> tuple[float, float, float]:
    """Return, volatility a day and maximum drawdown of the days from `first` up to the last but one."""
    part = path[max(0, first - 1) : -1]
    drawdown = float(np.min(part / np.maximum.accumulate(part)) - 1)
    return float(part[-1] / part[0] - 1), float(np.std(part[1:] / part[:-1] - 1, ddof=1)), drawdown
