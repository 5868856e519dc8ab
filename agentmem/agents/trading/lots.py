"""Open positions as lots, first in, first out: so that a profit reaches the decision that opened them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from agentmem.agents.trading.values import Amount, Fill, Price
from agentmem.records import Text, Value


class Lesson(Value):
    """What came of a decision, for the memories that it cited.

    Attributes:
        id: Made from the day and its place in it.
        about: Ids of the memories.
        value: The return, as a fraction: more than 0 is a profit.
    """

    id: Text
    about: tuple[Text, ...] = Field(min_length=1)
    value: Amount


class Lot(Value):
    """Shares that one order opened, as far as they are still held.

    Attributes:
        decided: The day of the decision.
        side: `buy`: held; `sell`: sold short.
        shares: How many are left.
        price: At which they were filled.
        cost: Of a share, beside the price.
        cited: Ids of the memories that the decision cited.
    """

    decided: datetime.date
    side: Literal["buy", "sell"]
    shares: Annotated[int, Field(gt=0)]
    price: Price
    cost: Annotated[float, Field(ge=0)] = 0.0
    cited: tuple[Text, ...] = ()

    def gained(self, fill: Fill) -> float:
        """The return of these shares when `fill` closes them, after the costs of both, as a fraction."""
        moved = fill.price - self.price if self.side == "buy" else self.price - fill.price
        return (moved - self.cost - fill.cost / fill.shares) / self.price


def after(
    lots: Sequence[Lot], fill: Fill, decided: datetime.date, cited: tuple[str, ...]
) -> tuple[tuple[Lot, ...], tuple[tuple[Lot, float], ...]]:
    """The lots after an order was filled, and those that it closed, whole or in part, with their returns.

    Args:
        lots: Those before, the oldest first.
        fill: What was filled.
        decided: When that was decided.
        cited: What the decision cited.
    """
    left, kept, closed = fill.shares, list[Lot](), list[tuple[Lot, float]]()
    for lot in lots:
        taken = min(left, lot.shares) if lot.side != fill.side else 0
        left -= taken
        if taken:
            closed.append((lot, lot.gained(fill)))
        if lot.shares > taken:
            kept.append(lot.altered({"shares": lot.shares - taken}))
    if left:
        cost = fill.cost / fill.shares
        kept.append(
            Lot(decided=decided, side=fill.side, shares=left, price=fill.price, cost=cost, cited=cited)
        )
    return tuple(kept), tuple(closed)
