"""The words in which prices tell what they have to tell."""

from __future__ import annotations

import math

_FAR = 10.0
"""Standard deviations above which the number says no more."""
_SMALL = 10.0
"""Prices below this are told with more decimals."""


def move(symbol: str, change: float, close: float, score: float, deviation: float, days: int) -> str:
    """A day's unusual return.

    Args:
        symbol: Of what.
        change: The return of the day.
        close: Its close.
        score: Standard deviations from the mean.
        deviation: The standard deviation.
        days: Of how many days.
    """
    far = f"more than {_FAR:.0f}" if abs(score) > _FAR else f"{abs(score):.1f}"
    return (
        f"derived-move: {symbol} {'rose' if change > 0 else 'fell'} {abs(change):.1%} in a day, to"
        f" {_price(close)}: {far} standard deviations {'above' if score > 0 else 'below'} the mean of the"
        f" {days} days before (deviation {deviation:.1%} a day)"
    )


def volatility(symbol: str, recent: float, ratio: float, short: int, long: int, *, turbulent: bool) -> str:
    """A volatility that has changed.

    Args:
        symbol: Of what.
        recent: That of the last days, a year.
        ratio: How many times the earlier one that is.
        short: The number of the last days.
        long: The number of the days before them.
        turbulent: Whether it went up.
    """
    return (
        f"derived-volatility: {symbol} has become {'turbulent' if turbulent else 'calm'}: the volatility of"
        f" its last {short} days is {recent:.0%} a year, {ratio:.2g} times that of the {long} days before"
    )


def extreme(symbol: str, close: float, days: int, quiet: int, *, high: bool) -> str:
    """A close that is the highest or lowest of many days, the first such for a while.

    Args:
        symbol: Of what.
        close: The close.
        days: Of how many days.
        quiet: For how many days there was none.
        high: Whether it is the highest.
    """
    name, superlative = ("high", "highest") if high else ("low", "lowest")
    return (
        f"derived-{name}: {symbol} closed at {_price(close)}, its {superlative} close of {days} days,"
        f" the first such {name} for {quiet} days"
    )


def season(
    symbol: str, period: str, change: float, deviation: float, drawdown: float, close: float, year: int
) -> str:
    """What a quarter or a year brought.

    Args:
        symbol: Of what.
        period: Which, in words.
        change: Its return.
        deviation: The standard deviation of its days.
        drawdown: The deepest fall from a high within it, 0 or less.
        close: Its last close.
        year: Days of trading in a year.
    """
    return (
        f"in {period} {symbol} {'gained' if change > 0 else 'lost'} {abs(change):.1%} and closed it at"
        f" {_price(close)}; volatility {deviation * math.sqrt(year):.0%} a year, maximum drawdown"
        f" {abs(drawdown):.1%}"
    )


def _price(price: float) -> str:
    return f"{price:.2f}" if price >= _SMALL else f"{price:.4g}"
