"""What a run is compared with: rules without a memory, over the same sleeves, days, costs and execution."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace

from agentmem.runs.market.spec import MarketSpec
from agentmem.worlds.market.baselines import buy_and_hold, moving_averages
from agentmem.worlds.market.market import Market
from agentmem.worlds.market.metrics import Performance, performance
from agentmem.worlds.market.news import NO_NEWS
from agentmem.worlds.market.replay import Rule, replay

HOLDING, CROSSING = "buy and hold", "moving averages 20/100"
"""The rules by name."""


@dataclass(frozen=True)
class Curve:
    """An equity curve, of all sleeves together.

    Attributes:
        equity: At the close of each day, shape (days,).
        traded: The value of all fills.
        costs: What trading has cost, slippage included.
    """

    equity: tuple[float, ...]
    traded: float
    costs: float

    def performance(self) -> Performance | None:
        """What it came to; none for a single day."""
        if len(self.equity) <= 1:
            return None
        return performance(self.equity, traded=self.traded, costs=self.costs)


def rules() -> Mapping[str, Rule]:
    """The rules that a report shows."""
    return {HOLDING: buy_and_hold, CROSSING: moving_averages()}


def curve_of(
    spec: MarketSpec, market: Market, rule: Rule, first: datetime.date, last: datetime.date
) -> Curve:
    """A rule traded in a sleeve of its own for each symbol, as agents are.

    Args:
        spec: The run: its symbols and its cash.
        market: With its costs, rules and execution.
        rule: What to do; it is told prices alone.
        first: The first day.
        last: The last one.
    """
    told = replace(market, news=NO_NEWS, derive="never")
    played = [
        replay(told, rule, symbols=(symbol,), start=first, end=last, deposit=spec.sleeve)
        for symbol in spec.symbols
    ]
    return Curve(
        equity=tuple(sum(values) for values in zip(*(one.equity for one in played), strict=True)),
        traded=sum(one.account.traded for one in played),
        costs=sum(one.account.costs + one.account.slipped for one in played),
    )
