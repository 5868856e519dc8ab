"""What a trade costs, and what an account may do."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field

from agentmem.records import Value

Charge = Annotated[float, Field(ge=0, allow_inf_nan=False)]
BPS = 10_000
"""Basis points in one."""


class Costs(Value):
    """What a trade costs: 5 bps of commission and 5 bps of slippage where nothing else is said.

    A commission in shares of the value, since adjusted prices of long ago are cents, and a commission a share
    would eat them up. The numbers are ours: what a small order in a large stock costs.

    Attributes:
        per_trade: Money for each fill.
        per_share: Money for each share.
        commission_bps: Of the value, in basis points.
        slippage_bps: How much worse than the price of the market the fill is, in basis points of it.
    """

    per_trade: Charge = 0.0
    per_share: Charge = 0.0
    commission_bps: Charge = 5.0
    slippage_bps: Annotated[float, Field(ge=0, lt=BPS)] = 5.0

    def of(self, shares: int, price: float) -> float:
        """What a fill costs beside its price; nothing for no shares."""
        if not shares:
            return 0.0
        return self.per_trade + self.per_share * shares + self.commission_bps / BPS * shares * price

    def slipped(self, price: float, *, buying: bool) -> float:
        """The price of a fill where the market's is `price`."""
        return price * (1 + (1 if buying else -1) * self.slippage_bps / BPS)

    def affordable(self, money: float, price: float) -> int:
        """How many shares can be bought for money, costs included."""
        each = price * (1 + self.commission_bps / BPS) + self.per_share
        shares = max(0, math.floor((money - self.per_trade) / each))
        while shares and shares * price + self.of(shares, price) > money:
            shares -= 1
        return shares


class Rules(Value):
    """What an account may do.

    Attributes:
        position_limit: The worth of the largest position that may be bought, as a share of equity. One that
            has grown beyond it by itself may be kept.
        short: Whether more may be sold than is held.
        short_limit: The worth of all that may be sold short together, as a share of equity.
        borrow_rate: What borrowed shares cost a year, as a share of their worth, by days of the calendar.
        maintenance: Where equity falls under this share of all that is sold short, that is bought back at
            the close.
    """

    position_limit: Annotated[float, Field(gt=0, le=1)] = 1.0
    short: bool = False
    short_limit: Annotated[float, Field(gt=0, le=1)] = 0.5
    borrow_rate: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.03
    maintenance: Annotated[float, Field(ge=0, le=1)] = 0.3
