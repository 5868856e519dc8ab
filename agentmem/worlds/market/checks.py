"""What is odd in prices: gaps, changes that look like a split, jumps. They are told, never repaired."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from agentmem.records import Value
from agentmem.worlds.market.prices import Amounts, Prices, Series

_WHOLE = (2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 40, 50)
SPLITS = tuple(sorted({1 / n for n in _WHOLE} | {float(n) for n in _WHOLE} | {2 / 5, 5 / 2, 2 / 7, 7 / 2}))
"""By what a price is multiplied in the usual splits and reverse splits (3 for 2 and less are too near to what
a bad day does)."""


class Checks(Value):
    """When prices are odd; the numbers are ours.

    Attributes:
        longest_gap: Days of the calendar between two prices of a symbol; more are told.
        fell: A close that is this share of the one before, or less, is a jump.
        rose: A close that is this many times the one before, or more, is a jump.
        tolerance: By what share a jump may miss the ratio of a split and still look like one.
    """

    longest_gap: Annotated[int, Field(ge=1)] = 7
    fell: Annotated[float, Field(gt=0, lt=1)] = 0.55
    rose: Annotated[float, Field(gt=1)] = 1.9
    tolerance: Annotated[float, Field(ge=0, lt=0.2)] = 0.03


class Note(Value):
    """Something odd in the prices.

    Attributes:
        kind: `gap` (days without a price), `split` (a change that looks like one), `jump` (a great change
            that does not), `end` (no prices up to the last day of the calendar).
        symbol: Of what.
        date: The first day after it; of `end`, the last with a price.
        text: In words.
    """

    kind: Literal["gap", "split", "jump", "end"]
    symbol: str
    date: datetime.date
    text: str


def split_of(change: float, checks: Checks) -> float | None:
    """The ratio of a split that a change of price looks like; none: it looks like none.

    Args:
        change: A close by the one before.
        checks: What is a jump, and what is near.
    """
    if checks.fell < change < checks.rose:
        return None
    near = min(SPLITS, key=lambda ratio: abs(np.log(change / ratio)))
    return near if abs(change / near - 1) <= checks.tolerance else None


def without_splits(close: Amounts, checks: Checks) -> Amounts:
    """Changes from close to close, shape (days − 1,), with the ratio of what looks like a split taken out.

    Each depends only on its own two closes.
    """
    changes = close[1:] / close[:-1]
    for at in np.flatnonzero((changes <= checks.fell) | (changes >= checks.rose)):
        changes[at] /= split_of(float(changes[at]), checks) or 1.0
    return changes


def notes(prices: Prices, checks: Checks) -> tuple[Note, ...]:
    """All that is odd, by symbol and day."""
    if not prices.series:
        return ()
    last = prices.calendar[-1].item()
    return tuple(note for symbol in prices.symbols for note in _of(symbol, prices.of(symbol), last, checks))


def _of(symbol: str, prices: Series, last: datetime.date, checks: Checks) -> list[Note]:
    found = []
    dates, changes = prices.dates, prices.close[1:] / prices.close[:-1]
    gaps = np.diff(dates).astype(int)
    odd = (gaps > checks.longest_gap) | (changes <= checks.fell) | (changes >= checks.rose)
    for at in np.flatnonzero(odd):
        day, before, change = dates[at + 1].item(), dates[at].item(), float(changes[at])
        if gaps[at] > checks.longest_gap:
            text = f"{symbol} has no price for {gaps[at]} days, from {before} to {day}"
            found.append(Note(kind="gap", symbol=symbol, date=day, text=text))
        if checks.fell < change < checks.rose:
            continue
        ratio = split_of(change, checks)
        moved = f"{symbol} closed {day} at {change:.4g} times its close of {before}"
        if ratio is None:
            text = f"{moved}: no ratio of a split, taken as a move"
        else:
            text = f"{moved}, near {ratio:.4g}: perhaps a split; prices are left as they are"
        kind: Literal["split", "jump"] = "jump" if ratio is None else "split"
        found.append(Note(kind=kind, symbol=symbol, date=day, text=text))
    ends = dates[-1].item()
    if (last - ends).days > checks.longest_gap:
        text = f"{symbol} has no price after {ends}; the market goes on to {last}"
        found.append(Note(kind="end", symbol=symbol, date=ends, text=text))
    return found
