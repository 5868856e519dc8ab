"""A rule traded over a stretch of days: its equity, its fills, what was not allowed."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agentmem.agents.trading.values import Day, Decision, Fill, Order, sized
from agentmem.worlds.market.account import Account, opened
from agentmem.worlds.market.dealing import Outcome
from agentmem.worlds.market.market import Market
from agentmem.worlds.market.metrics import YEAR, Performance, performance

Rule = Callable[[Day], Decision]
"""What to do with a symbol on a day, from nothing but that day."""
DEPOSIT = 100_000.0
"""What an account begins with where nothing else is said."""


@dataclass(frozen=True)
class Replay:
    """What became of a rule.

    Attributes:
        days: The days, in order.
        equity: At the close of each, shape (days,).
        fills: All fills, in order.
        notes: What was cut or refused: `(day of the decision, symbol, why)`.
        account: At the end.
    """

    days: tuple[datetime.date, ...]
    equity: tuple[float, ...]
    fills: tuple[Fill, ...]
    notes: tuple[tuple[datetime.date, str, str], ...]
    account: Account

    def performance(self, year: int = YEAR) -> Performance:
        """What it came to, costs included.

        Raises:
            InvalidInput: there is only one day.
            Unavailable: empyrical is not installed.
        """
        account = self.account
        costs = account.costs + account.slipped
        return performance(self.equity, traded=account.traded, costs=costs, year=year)


def replay(
    market: Market,
    rule: Rule,
    *,
    symbols: Sequence[str] = (),
    start: datetime.date | None = None,
    end: datetime.date | None = None,
    deposit: float = DEPOSIT,
) -> Replay:
    """Trade a rule on one account: decided at each close, filled the next day as the market does.

    All decisions of a day see the account as it was at its close; then sales are filled before purchases.
    What is decided on the last day is not filled. A symbol is left out until it has a price.

    Args:
        market: Where.
        rule: What to do.
        symbols: With what; none: all of the market.
        start: The first day; none: the market's.
        end: The last day; none: the market's.
        deposit: What the account begins with.

    Raises:
        NotFound: a symbol has no prices.
        InvalidInput: there is no trading day in between.
    """
    chosen = tuple(symbols) or market.symbols
    begins = {symbol: market.prices.of(symbol).dates[0].item() for symbol in chosen}
    days, account = market.days(start, end), opened(deposit)
    equity: list[float] = []
    fills: list[Fill] = []
    notes: list[tuple[datetime.date, str, str]] = []

    def kept(outcomes: Sequence[tuple[str, Outcome]], day: datetime.date) -> None:
        for symbol, outcome in outcomes:
            fills.extend([outcome.fill] if outcome.fill else [])
            notes.extend([(day, symbol, outcome.note)] if outcome.note else [])

    for day in days:
        account, covered = market.settled(account, day)
        kept([(one.fill.symbol if one.fill else "", one) for one in covered], day)
        equity.append(market.equity(account, day))
        there = [symbol for symbol in chosen if begins[symbol] <= day]
        wanted = [(symbol, _order(market, rule, symbol, day, account)) for symbol in there]
        if day == days[-1] and market.execution == "next":
            break
        for symbol, order in sorted(wanted, key=lambda pair: pair[1].side != "sell"):
            outcome = market.execute(account, symbol, order, day)
            account = outcome.account
            kept([(symbol, outcome)], day)
    return Replay(days, tuple(equity), tuple(fills), tuple(notes), account)


def _order(market: Market, rule: Rule, symbol: str, day: datetime.date, account: Account) -> Order:
    seen = market.day(symbol, day, account)
    rules = market.rules
    limit = rules.short_limit if seen.position < 0 else rules.position_limit
    return sized(rule(seen), seen, limit, short=rules.short)
