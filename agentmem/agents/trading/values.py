"""What a market tells a trading agent, what the agent decides, and what became of it."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from agentmem.errors import InvalidInput
from agentmem.records import Text, Time, Value

Side = Literal["buy", "sell", "hold"]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Amount = Annotated[float, Field(allow_inf_nan=False)]
Price = Annotated[float, Field(gt=0, allow_inf_nan=False)]

ARGUMENT, REFLECTION = "argument", "reflection"
"""Kinds of what agents say to each other and to themselves; no item of a market is of these."""
HISTORY = 260
"""Closes that a day carries at most: a year of trading and a little more."""
_DIGITS = 6
"""Decimals of a number of shares before it is rounded down."""


class Item(Value):
    """What a market tells: a piece of news, a report, or something derived from prices up to its time.

    Attributes:
        time: When it could be known first.
        symbol: The security.
        kind: `news`, `quarterly`, `annual`, `derived-move`, `derived-volatility`, `derived-season`, ….
        text: What it says.
        importance: From 0 to 100, where somebody says so.
        derived: Whether it was made from prices, not told by anybody.
    """

    time: Time
    symbol: Text = Field(min_length=1)
    kind: Text = Field(default="news", min_length=1)
    text: Text
    importance: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] | None = None
    derived: bool = False

    @field_validator("kind")
    @classmethod
    def _not_an_agents(cls, kind: str) -> str:
        if kind in (ARGUMENT, REFLECTION):
            raise ValueError(f"the kind {kind!r} is that of what agents say, not of what a market tells")
        return kind


class Day(Value):
    """All that an agent may know of a security on a day before it decides.

    Attributes:
        date: The day of trading.
        now: The moment of the decision: the close of that day, in UTC.
        symbol: The security.
        close: Its last price.
        closes: Its closes up to this one, the oldest first, at most `HISTORY`.
        items: What is new since the day before, none of it later than `now`.
        position: Shares held; less than 0 where sold short.
        cash: What the account holds in money.
        equity: The account's worth at `close`.
        realised: The profit or loss of all sales so far, after costs.
    """

    date: datetime.date
    now: Time
    symbol: Text = Field(min_length=1)
    close: Price
    closes: tuple[Price, ...] = Field(min_length=1, max_length=HISTORY)
    items: tuple[Item, ...] = ()
    position: int = 0
    cash: Amount = 0.0
    equity: Amount = 0.0
    realised: Amount = 0.0

    @model_validator(mode="after")
    def _nothing_of_the_future(self) -> Self:
        late = next((item for item in self.items if item.time > self.now), None)
        if late is not None:
            raise ValueError(f"an item is of {late.time.isoformat()}, later than {self.now.isoformat()}")
        if self.closes[-1] != self.close:
            raise ValueError(f"the last of `closes` is {self.closes[-1]}, not the close {self.close}")
        return self


class Decision(Value):
    """What an agent decided on a day.

    Attributes:
        side: What it wants.
        size: Of a purchase, the share of what the position limit leaves to buy; of a sale, the share of the
            position (or, without one, of what the limit leaves to sell short).
        reason: Why, in words.
        cited: Ids of the records that it rests on, the weightiest first.
        confidence: How sure it is.
        character: The risk character in force, e.g. `seeking`.
        tokens: That a model read and wrote for it.
        error: What went wrong where a policy failed, and the side is `hold` for that.
    """

    side: Side
    size: Share = 0.0
    reason: Text = ""
    cited: tuple[Text, ...] = ()
    confidence: Share = 0.0
    character: Text = ""
    tokens: Annotated[int, Field(ge=0)] = 0
    error: Text = ""


class Order(Value):
    """What is to be done; holding is an order of no shares."""

    side: Side
    shares: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.side == "hold") != (self.shares == 0):
            raise ValueError(f"{self.side} of {self.shares} shares: only a hold is of none")
        return self


HOLD = Order(side="hold")
"""Do nothing."""


class Fill(Value):
    """What became of an order.

    Attributes:
        date: The day on which it was filled.
        symbol: The security.
        side: What was done.
        shares: How many.
        price: Of a share, slippage included.
        cost: Of the trade, beside the price.
        realised: The profit or loss that it closed, after costs; 0 where it opened or enlarged a position.
        decided: The day on which it was decided.
    """

    date: datetime.date
    symbol: Text = Field(min_length=1)
    side: Literal["buy", "sell"]
    shares: Annotated[int, Field(gt=0)]
    price: Price
    cost: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    realised: Amount = 0.0
    decided: datetime.date | None = None


def sized(decision: Decision, day: Day, limit: float, *, short: bool = False) -> Order:
    """The order that a decision means, in whole shares rounded down; of a sale at least one.

    What is bought is what the cash would pay at the close of the day, without costs: the market that fills
    the order at another price has the last word.

    Args:
        decision: What was decided.
        day: The account and the close on that day.
        limit: The worth of the largest position, as a share of equity, from 0 to 1.
        short: Whether more may be sold than is held.

    Raises:
        InvalidInput: `limit` is not from 0 to 1.
    """
    if not 0 <= limit <= 1:
        raise InvalidInput(f"the limit of a position is {limit}", "give a share of equity, from 0 to 1")
    most = int(max(0.0, day.equity) * limit / day.close)
    if decision.side == "buy":
        room = max(0, most - day.position)
        if day.position >= 0:
            room = min(room, int(max(0.0, day.cash) / day.close))
        shares = _share(room, decision.size)
    elif decision.side == "sell" and day.position > 0:
        shares = max(_share(day.position, decision.size), 1 if decision.size > 0 else 0)
    elif decision.side == "sell" and short:
        shares = _share(max(0, most + day.position), decision.size)
    else:
        shares = 0
    return Order(side=decision.side, shares=shares) if shares else HOLD


def _share(shares: int, size: float) -> int:
    return int(round(shares * size, _DIGITS))
