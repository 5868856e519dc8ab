"""Ten days of a made-up security, and agents who trade it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from agentmem.agents.trading.agent import Habits, TradingAgent
from agentmem.agents.trading.character import ADAPTIVE, Character, Profile
from agentmem.agents.trading.memories import memory_of
from agentmem.agents.trading.signal import SignalPolicy
from agentmem.agents.trading.values import Day, Fill, Item, Order

FIRST = date(2020, 3, 2)
CLOSES = (100.0, 102.0, 104.0, 103.0, 99.0, 94.0, 90.0, 91.0, 95.0, 98.0)
TOLD = (
    ("news", "ACME rose after strong demand", 55.0),
    ("quarterly", "ACME: revenue grew and profit beat all forecasts", 70.0),
    ("news", "ACME gained; analysts upgraded it", 40.0),
    ("news", "ACME slipped on weak orders", 40.0),
    ("news", "ACME fell after a lawsuit and a warning", 55.0),
    ("news", "ACME plunged; losses widened", 58.0),
    ("annual", "ACME: debt rose, profit fell, outlook poor", 90.0),
    ("news", "ACME recovered a little", 40.0),
    ("news", "ACME rallied; demand is strong", 55.0),
    ("news", "ACME rose again; a record quarter", 55.0),
)


def date_of(place: int) -> date:
    return FIRST + timedelta(days=place + 2 * (place // 5))


def close_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 21, tzinfo=UTC)


class Trading:
    """An account that fills each order at the next day's close, without costs: what the days are made by."""

    def __init__(self, cash: float = 10_000.0) -> None:
        self.cash = cash
        self.position = 0
        self.basis = 0.0
        self.realised = 0.0

    def day(self, place: int, items: tuple[Item, ...] | None = None) -> Day:
        on, close = date_of(place), CLOSES[place]
        if items is None:
            kind, text, importance = TOLD[place]
            told = close_of(on) - timedelta(hours=3)
            items = (Item(time=told, symbol="ACME", kind=kind, text=text, importance=importance),)
        return Day(
            date=on,
            now=close_of(on),
            symbol="ACME",
            close=close,
            closes=CLOSES[: place + 1],
            items=items,
            position=self.position,
            cash=self.cash,
            equity=self.cash + self.position * close,
            realised=self.realised,
        )

    def fill(self, order: Order, place: int) -> tuple[Fill, ...]:
        """What becomes of an order of the day `place`, on the next one."""
        if order.side == "hold" or place + 1 >= len(CLOSES):
            return ()
        price, shares = CLOSES[place + 1], order.shares
        if order.side == "buy":
            shares = min(shares, int(self.cash / price))
            realised = 0.0
            self.basis = (self.basis * self.position + price * shares) / (self.position + shares or 1)
        else:
            realised = (price - self.basis) * shares
        change = shares if order.side == "buy" else -shares
        self.position += change
        self.cash -= change * price
        self.realised += realised
        return (
            Fill(
                date=date_of(place + 1),
                symbol="ACME",
                side=order.side,
                shares=shares,
                price=price,
                realised=realised,
                decided=date_of(place),
            ),
        )


@pytest.fixture
def trading() -> type[Trading]:
    return Trading


@pytest.fixture
def agent_in() -> Callable[..., TradingAgent]:
    def agent_in_(bank, character: Character = ADAPTIVE, memory="layered", policy=None, name="", **habits):
        return TradingAgent.over(
            bank,
            ("market",),
            Profile(
                name=name or character.name, symbol="ACME", background="maker of anvils", character=character
            ),
            memory_of(memory, character) if isinstance(memory, str) else memory,
            policy or SignalPolicy(),
            Habits(**habits),
        )

    return agent_in_
