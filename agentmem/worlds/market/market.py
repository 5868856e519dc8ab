"""The market: on any day what was known then, and what becomes of an order, a day later.

All that it tells of a day it reads from itself as it ended on that day (`Market.until`).
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np

from agentmem.agents.trading.values import HISTORY, Day, Item, Order
from agentmem.errors import InvalidInput, NotFound, Refused
from agentmem.worlds.market.account import Account, charged
from agentmem.worlds.market.calendar import NEW_YORK, Session
from agentmem.worlds.market.checks import Checks, Note, notes
from agentmem.worlds.market.dealing import Deal, Outcome, done
from agentmem.worlds.market.derived import Derivation, derived_items
from agentmem.worlds.market.news import NO_NEWS, News
from agentmem.worlds.market.prices import Prices
from agentmem.worlds.market.rules import Costs, Rules

Execution = Literal["next", "close"]
DAYS_A_YEAR = 365
"""Days of the calendar, for what is owed a year."""


@dataclass(frozen=True, eq=False)
class Market:
    """Prices and news by day, with the rules of trading.

    Attributes:
        prices: By symbol.
        news: By symbol.
        costs: What a trade costs.
        rules: What an account may do.
        execution: When an order is filled that was decided at the close of a day: `next`, at the open of the
            next day, or its close where no open is known; or `close`, at the very close that the decision
            saw, which flatters whoever trades on it.
        derive: Which symbols have derived items: those about which nobody has written so far (`unwritten`),
            all (`always`) or none (`never`).
        derivation: When prices tell something.
        checks: When prices are odd.
        session: When a day closes.
    """

    prices: Prices
    news: News = NO_NEWS
    costs: Costs = field(default_factory=Costs)
    rules: Rules = field(default_factory=Rules)
    execution: Execution = "next"
    derive: Literal["unwritten", "always", "never"] = "unwritten"
    derivation: Derivation = field(default_factory=Derivation)
    checks: Checks = field(default_factory=Checks)
    session: Session = NEW_YORK
    _views: dict[datetime.date, Market] = field(default_factory=dict, init=False, repr=False)
    """The market as of one day, the last that was asked for: the symbols of a day share it."""
    _told: dict[tuple[str, datetime.date], tuple[Item, ...]] = field(
        default_factory=dict, init=False, repr=False
    )
    """What was new, by symbol and day: the traders of a market share it."""

    def __post_init__(self) -> None:
        if self.execution not in ("next", "close"):
            raise InvalidInput(f"the execution {self.execution!r} is none", "give 'next' or 'close'")
        if self.derive not in ("unwritten", "always", "never"):
            raise InvalidInput(
                f"the choice {self.derive!r} of derived items is none",
                "give 'unwritten', 'always' or 'never'",
            )

    @property
    def symbols(self) -> tuple[str, ...]:
        """What is traded."""
        return self.prices.symbols

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """What is odd in the prices, of all days: for people, not for agents."""
        return notes(self.prices, self.checks)

    @cached_property
    def remarks(self) -> tuple[str, ...]:
        """What is odd in the files, in words: for people, not for agents."""
        found = list(self.prices.remarks)
        if self.news.repeated:
            found.append(f"{self.news.repeated} items of the news are there more than once: one is kept")
        strange = {name: len(ones) for name, ones in self.news.items.items() if name not in self.symbols}
        found += [
            f"{count} items of the news are about {name}, which has no prices"
            for name, count in strange.items()
        ]
        return tuple(found)

    def until(self, day: datetime.date) -> Market:
        """The market as it was at the close of a day: nothing later is in it."""
        return replace(self, prices=self.prices.until(day), news=self.news.until(self.session.closes(day)))

    def days(
        self, start: datetime.date | None = None, end: datetime.date | None = None
    ) -> tuple[datetime.date, ...]:
        """The days of trading from `start` to `end`, both included: those on which any symbol has a price.

        Raises:
            InvalidInput: there are none.
        """
        calendar = self.prices.calendar
        low = 0 if start is None else int(np.searchsorted(calendar, np.datetime64(start, "D")))
        high = (
            len(calendar)
            if end is None
            else int(np.searchsorted(calendar, np.datetime64(end, "D"), side="right"))
        )
        if low >= high:
            there = f"prices go from {calendar[0]} to {calendar[-1]}" if len(calendar) else "it has no prices"
            raise InvalidInput(
                f"there is no trading day from {start or 'the beginning'} to {end or 'the end'}", there
            )
        return tuple(calendar[low:high].astype(datetime.date).tolist())

    def day(self, symbol: str, day: datetime.date, account: Account) -> Day:
        """All that an agent may know of a symbol on a day before it decides.

        Where the symbol has no price that day, its last one stands for it.

        Raises:
            NotFound: the symbol has no price yet.
            InvalidInput: it is no day of trading.
            Refused: the account knows of a later day.
        """
        seen = self._known(day, account)
        prices = seen.prices.of(symbol)
        close = prices.close[-HISTORY:].tolist()
        return Day(
            date=day,
            now=self.session.closes(day),
            symbol=symbol,
            close=close[-1],
            closes=tuple(close),
            items=self._items(seen, symbol, day),
            position=account.position(symbol).shares,
            cash=account.cash,
            equity=account.equity(seen._marks(account)),
            realised=account.realised,
        )

    def news_today(self, symbol: str) -> tuple[Item, ...]:
        """What is new about a symbol on the last day of this market.

        That is, what came out after the close of the day of trading before it, so that what came out at a
        weekend is new on Monday; and what the prices tell.

        Raises:
            NotFound: the symbol has no prices.
        """
        prices, calendar = self.prices.of(symbol), self.prices.calendar
        today = calendar[-1].item()
        now = self.session.closes(today)
        before = self.session.closes(calendar[-2].item()) if len(calendar) > 1 else None
        items = self.news.between(symbol, before, now)
        unwritten = self.derive == "unwritten" and not self.news.items.get(symbol)
        if (self.derive == "always" or unwritten) and prices.dates[-1] == calendar[-1]:
            items += derived_items(symbol, prices, now, self.derivation, self.checks)
        return items

    def equity(self, account: Account, day: datetime.date) -> float:
        """What an account is worth at the close of a day; what has no price that day, at its last one.

        Raises:
            InvalidInput: it is no day of trading.
            Refused: the account knows of a later day.
        """
        return account.equity(self._known(day, account)._marks(account))

    def execute(
        self, account: Account, symbol: str, order: Order, decided: datetime.date, *, forced: str = ""
    ) -> Outcome:
        """What becomes of an order that was decided at the close of a day.

        It is filled the next day of trading (`execution`) or lapses. What the rules do not allow is cut.

        Args:
            account: Whose.
            symbol: Of what.
            order: What is wanted.
            decided: When.
            forced: Why it is filled at the very close, whatever `execution` says; empty: it is not.

        Raises:
            NotFound: the symbol has no price yet.
            InvalidInput: `decided` is no day of trading.
            Refused: the account knows of a day later than that of the fill.
        """
        known = self._known(decided)
        known.prices.of(symbol)
        if order.side == "hold":
            return Outcome(account)
        day: datetime.date | None = decided
        if self.execution == "next" and not forced:
            day = self._next(decided)
        if day is None:
            return Outcome(account, note=f"{decided} is the last day: the order is not filled")
        prices = self.until(day).prices.of(symbol)
        place = prices.place(day)
        if place is None:
            return Outcome(account, note=f"{symbol} has no price on {day}: the order lapses")
        if account.day is not None and account.day > day:
            raise Refused(
                f"the account knows of {account.day}, and the order is of {day}", "trade day after day"
            )
        first = float(prices.open[place])
        at_open = self.execution == "next" and not forced and math.isfinite(first)
        price = first if at_open else float(prices.close[place])
        marks = known._marks(account)
        paid = self._paid(account, day, marks)
        deal = Deal(symbol, order, decided, day, {**marks, symbol: price}, forced)
        outcome = done(paid, deal, self.costs, self.rules)
        return outcome if outcome.fill else replace(outcome, account=account)

    def settled(self, account: Account, day: datetime.date) -> tuple[Account, tuple[Outcome, ...]]:
        """An account at the close of a day, before anything is decided: to be asked for each day.

        What is sold short pays for the days since the last; where equity no longer covers it, it is bought
        back, as far as there is cash.

        Returns:
            The account, and what was bought back.

        Raises:
            InvalidInput: it is no day of trading.
            Refused: the account knows of a later day.
        """
        marks = self._known(day, account)._marks(account)
        account = self._paid(account, day, marks)
        covered: list[Outcome] = []
        if account.equity(marks) < self.rules.maintenance * account.sold_short(marks):
            for symbol in sorted(account.positions):
                short = -account.position(symbol).shares
                if short > 0:
                    order = Order(side="buy", shares=short)
                    covered.append(
                        self.execute(account, symbol, order, day, forced="equity no longer covers it")
                    )
                    account = covered[-1].account
        return account, tuple(covered)

    def _paid(self, account: Account, day: datetime.date, marks: Mapping[str, float]) -> Account:
        """The account on a day, after what is sold short has paid for the days since the last."""
        days = 0 if account.day is None else (day - account.day).days
        return charged(account, account.sold_short(marks) * self.rules.borrow_rate * days / DAYS_A_YEAR, day)

    def _known(self, day: datetime.date, account: Account | None = None) -> Market:
        calendar = self.prices.calendar
        place = int(np.searchsorted(calendar, np.datetime64(day, "D")))
        if place == len(calendar) or calendar[place].item() != day:
            raise InvalidInput(f"{day} is no day of trading", "ask for `days`")
        if account is not None and account.day is not None and account.day > day:
            raise Refused(
                f"the account knows of {account.day}, which is later than {day}", "go on from its day"
            )
        view = self._views.get(day)
        if view is None:
            view = self.until(day)
            self._views.clear()
            self._views[day] = view
        return view

    def _items(self, seen: Market, symbol: str, day: datetime.date) -> tuple[Item, ...]:
        told = self._told.get((symbol, day))
        if told is None:
            told = self._told[symbol, day] = seen.news_today(symbol)
        return told

    def _next(self, day: datetime.date) -> datetime.date | None:
        calendar = self.prices.calendar
        place = int(np.searchsorted(calendar, np.datetime64(day, "D"), side="right"))
        return calendar[place].item() if place < len(calendar) else None

    def _marks(self, account: Account) -> dict[str, float]:
        """The last price of each symbol that an account holds."""
        missing = [symbol for symbol in account.positions if symbol not in self.prices.series]
        if missing:
            raise NotFound(
                f"the account holds {missing[0]}, which has no price", "give the market its prices"
            )
        return {symbol: float(self.prices.of(symbol).close[-1]) for symbol in account.positions}
