"""What language models cost, and the budgets that bound it: values and their arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Literal

from agentmem.config import Price, Settings
from agentmem.records import Namespace, Value

MICROS = 1_000_000
"""Millionths in one unit of the currency that prices are in."""

Period = Literal["hour", "day"]
Unit = Literal["tokens", "money"]
LENGTHS: dict[Period, timedelta] = {"hour": timedelta(hours=1), "day": timedelta(days=1)}


class Spend(Value):
    """What calls of a model cost.

    Attributes:
        calls: Of the model.
        prompt_tokens: Tokens read, by the model's own count.
        completion_tokens: Tokens written.
        price_micros: Price in millionths of the currency that `model_prices` are in.
        unpriced_tokens: Those of the tokens whose price was not known.
    """

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    price_micros: int = 0
    unpriced_tokens: int = 0

    @property
    def tokens(self) -> int:
        """Tokens read and written."""
        return self.prompt_tokens + self.completion_tokens

    def __add__(self, other: Spend) -> Spend:
        """Both together."""
        return Spend(**{name: value + getattr(other, name) for name, value in self})

    def __sub__(self, other: Spend) -> Spend:
        """This without the other."""
        return Spend(**{name: value - getattr(other, name) for name, value in self})


class Spending(Value):
    """What a store of a namespace has spent on a model: in this hour, today, and ever."""

    namespace: Namespace
    store: str
    model: str
    hour: Spend = Spend()
    day: Spend = Spend()
    all: Spend = Spend()


class Budget(Value):
    """What may be spent in one period, by the whole bank.

    Attributes:
        period: The hour or the day of UTC in which a call is made.
        unit: What is counted.
        limit: Tokens, or millionths of money.
    """

    period: Period
    unit: Unit
    limit: int

    @property
    def setting(self) -> str:
        """The name of the setting."""
        return f"budget_{self.period}_{self.unit}"

    def used(self, spend: Spend) -> int:
        """What `spend` takes of it."""
        return spend.tokens if self.unit == "tokens" else spend.price_micros

    def told(self, amount: int) -> str:
        """An amount of it, for people."""
        return f"{amount:,} tokens" if self.unit == "tokens" else f"{Decimal(amount) / MICROS:f} of money"

    def __str__(self) -> str:
        return f"{self.told(self.limit)} {'an hour' if self.period == 'hour' else 'a day'}"


class BudgetState(Value):
    """How a budget stands.

    Attributes:
        period: The hour, or the day, of UTC.
        unit: What is counted: tokens, or millionths of money.
        limit: What may be spent.
        spent: What is, calls that are still answered at their worst case.
        left: What may be spent still.
        opens_at: When the next period begins.
    """

    period: Period
    unit: Unit
    limit: int
    spent: int
    left: int
    opens_at: datetime


def budgets_of(settings: Settings) -> list[Budget]:
    """The budgets that are set, those of the longest period first."""
    set_: dict[tuple[Period, Unit], int | Decimal | None] = {
        ("day", "tokens"): settings.budget_day_tokens,
        ("day", "money"): settings.budget_day_money,
        ("hour", "tokens"): settings.budget_hour_tokens,
        ("hour", "money"): settings.budget_hour_money,
    }
    return [
        Budget(period=period, unit=unit, limit=int(limit * MICROS) if unit == "money" else int(limit))
        for (period, unit), limit in set_.items()
        if limit is not None
    ]


def begin(period: Period, now: datetime) -> datetime:
    """When the hour or the day of `now` began, a time in UTC."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    return hour if period == "hour" else hour.replace(hour=0)


def end(period: Period, now: datetime) -> datetime:
    """When the hour or the day of `now` ends."""
    return begin(period, now) + LENGTHS[period]


def cost(calls: int, prompt_tokens: int, completion_tokens: int, price: Price | None) -> Spend:
    """What calls cost at `price`, rounded up to a millionth; without one their tokens are unpriced."""
    spend = Spend(calls=calls, prompt_tokens=prompt_tokens, completion_tokens=completion_tokens)
    if price is None:
        return spend.altered({"unpriced_tokens": spend.tokens})
    # A price per million tokens is one in millionths per token.
    micros = prompt_tokens * price.prompt + completion_tokens * price.completion
    return spend.altered({"price_micros": int(micros.to_integral_value(ROUND_CEILING))})


class Tally:
    """Adds up what is spent while it stands."""

    def __init__(self) -> None:
        self._spent: list[Spend] = []

    def add(self, spend: Spend) -> None:
        """Take in what a call cost."""
        self._spent.append(spend)

    @property
    def tokens(self) -> int:
        """All tokens so far."""
        return sum(spend.tokens for spend in self._spent)


_tally: ContextVar[Tally | None] = ContextVar("agentmem_tally", default=None)


@contextmanager
def counting() -> Iterator[Tally]:
    """Count what is spent inside: in this thread, and where it hands its context on."""
    tally = Tally()
    token = _tally.set(tally)
    try:
        yield tally
    finally:
        _tally.reset(token)


def count(spend: Spend) -> None:
    """Tell whoever counts here of a call that ended."""
    tally = _tally.get()
    if tally is not None:
        tally.add(spend)
