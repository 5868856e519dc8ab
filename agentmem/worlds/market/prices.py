"""Daily prices by symbol: what they are, what there was up to a day, and those that skfolio carries."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from agentmem.errors import InvalidInput, NotFound
from agentmem.extras import needed

BUILTIN = "S&P 500 sample of skfolio (adjusted closes, 1990-01-02 to 2022-12-28)"
"""What the built-in prices are."""

_SHOWN = 40
"""Symbols that an error names at most."""
Days = NDArray[np.datetime64]
Amounts = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Series:
    """The prices of one symbol; columns of shape (days,), which nobody can write.

    Attributes:
        dates: Days with a price, ascending, `datetime64[D]`.
        close: The last price of each.
        open: The first price of each; NaN where it is not known.
    """

    dates: Days
    close: Amounts
    open: Amounts

    def __len__(self) -> int:
        """How many days have a price."""
        return len(self.dates)

    def until(self, day: datetime.date) -> Series:
        """What there was at the end of a day."""
        end = int(np.searchsorted(self.dates, np.datetime64(day, "D"), side="right"))
        return Series(self.dates[:end], self.close[:end], self.open[:end])

    def place(self, day: datetime.date) -> int | None:
        """The place of a day; none: it has no price."""
        wanted = np.datetime64(day, "D")
        at = int(np.searchsorted(self.dates, wanted))
        return at if at < len(self.dates) and self.dates[at] == wanted else None


def series(
    dates: Iterable[datetime.date], close: Iterable[float], open: Iterable[float | None] | None = None
) -> Series:
    """Prices of one symbol.

    Args:
        dates: Days, ascending.
        close: The last price of each.
        open: The first price of each; none, or none of a day: not known.

    Raises:
        InvalidInput: the columns differ in length or are empty, the days do not ascend, or a price is not
            above 0.
    """
    days = np.array(list(dates), "datetime64[D]")
    closes = np.array(list(close), np.float64)
    opens = np.full(len(days), np.nan) if open is None else np.array(list(open), np.float64)
    if not len(days) == len(closes) == len(opens):
        raise InvalidInput(
            f"there are {len(days)} dates, {len(closes)} closes and {len(opens)} opens",
            "give one of each a day",
        )
    if not len(days):
        raise InvalidInput("the series has no prices", "give one day at least")
    if not np.all(days[1:] > days[:-1]):
        at = int(np.flatnonzero(~(days[1:] > days[:-1]))[0])
        raise InvalidInput(f"the date {days[at + 1]} comes after {days[at]}", "sort them; each day once")
    bad = ~(np.isfinite(closes) & (closes > 0)) | (np.isinf(opens) | (opens <= 0))
    if bad.any():
        at = int(np.flatnonzero(bad)[0])
        raise InvalidInput(
            f"the price of {days[at]} is {closes[at]:g} (open {opens[at]:g})", "a price is above 0"
        )
    for column in (days, closes, opens):
        column.setflags(write=False)
    return Series(days, closes, opens)


@dataclass(frozen=True, eq=False)
class Prices:
    """Prices of several symbols.

    Attributes:
        series: By symbol; each has one day at least.
        source: Where they come from, in words.
        remarks: What the reader of a file has to say about it.
    """

    series: Mapping[str, Series]
    source: str = ""
    remarks: tuple[str, ...] = field(default=())

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols, sorted."""
        return tuple(sorted(self.series))

    @cached_property
    def calendar(self) -> Days:
        """The days on which any symbol has a price, ascending."""
        return _united(self.series)

    def of(self, symbol: str) -> Series:
        """The prices of a symbol.

        Raises:
            NotFound: it has none; names those that have.
        """
        if symbol not in self.series:
            raise NotFound(f"there are no prices of {symbol!r}", _there_are(self.symbols))
        return self.series[symbol]

    def chosen(self, symbols: Sequence[str]) -> Prices:
        """Those of some symbols.

        Raises:
            NotFound: one of them has none; names those that have.
            InvalidInput: no symbol is named.
        """
        if not symbols:
            raise InvalidInput("no symbol is named", _there_are(self.symbols))
        return Prices({symbol: self.of(symbol) for symbol in symbols}, self.source, self.remarks)

    def until(self, day: datetime.date) -> Prices:
        """What there was at the end of a day; symbols that had no price yet are not in it."""
        cut = {symbol: one.until(day) for symbol, one in self.series.items()}
        there = {symbol: one for symbol, one in cut.items() if len(one)}
        before = Prices(there, self.source, self.remarks)
        end = int(np.searchsorted(self.calendar, np.datetime64(day, "D"), side="right"))
        before.__dict__["calendar"] = self.calendar[:end]  # the same days, without uniting them anew
        return before


def builtin_prices(symbols: Sequence[str] = ()) -> Prices:
    """The prices that skfolio carries in its package: daily adjusted closes of 20 stocks, without opens.

    They are adjusted for splits and dividends, so that a change is what a holder earned, but a price is not
    what was paid then: its level, not its changes, knows of later splits and dividends.

    Args:
        symbols: Which; none: all.

    Raises:
        NotFound: a symbol is not among them; names those that are.
        Unavailable: skfolio is not installed.
    """
    prices = _builtin()
    return prices.chosen(tuple(symbols)) if symbols else prices


@cache
def _builtin() -> Prices:
    with needed("the built-in prices", "market"):
        from skfolio.datasets import load_sp500_dataset
    table = load_sp500_dataset()
    days = table.index.to_numpy().astype("datetime64[D]")
    columns = {
        name: series(days[there], closes[there])
        for name in map(str, table.columns)
        for closes in [table[name].to_numpy(np.float64)]
        for there in [np.isfinite(closes)]
    }
    return Prices(columns, BUILTIN)


def _there_are(symbols: Sequence[str]) -> str:
    more = len(symbols) - _SHOWN
    return f"there are: {', '.join(symbols[:_SHOWN])}" + (f" and {more} more" if more > 0 else "")


def _united(columns: Mapping[str, Series]) -> Days:
    if not columns:
        return np.array([], "datetime64[D]")
    return np.unique(np.concatenate([one.dates for one in columns.values()]))
