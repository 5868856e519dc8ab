"""An account as a value: money, positions at their average cost, and what trading has brought and cost."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from agentmem.errors import InvalidInput
from agentmem.records import Value

ROUNDING = 1e-6
"""Money below this is what rounding leaves."""
Amount = Annotated[float, Field(allow_inf_nan=False)]


class Position(Value):
    """Shares of one symbol.

    Attributes:
        shares: How many; less than 0: sold short.
        basis: What they cost with all costs; of a short position, what it brought after costs.
    """

    shares: int
    basis: Amount


NONE = Position(shares=0, basis=0.0)
"""No shares."""


class Account(Value):
    """What one trader has. Profit is realised by average cost: a sale of half takes half of the basis.

    At all times cash = deposit + realised − the bases of what is held + those of what is sold short.

    Attributes:
        cash: Money; never less than 0.
        deposit: The money at the beginning.
        positions: By symbol; only those with shares.
        realised: Profit and loss of all that was closed, after costs, less what was paid for borrowed shares.
        costs: Commissions and borrowing costs so far.
        slipped: What slippage has cost so far.
        traded: The value of all fills so far, bought and sold.
        day: The last day that it knows of; none: it has seen none.
    """

    cash: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    deposit: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    positions: Mapping[str, Position] = Field(default_factory=dict)
    realised: Amount = 0.0
    costs: Amount = 0.0
    slipped: Amount = 0.0
    traded: Amount = 0.0
    day: datetime.date | None = None

    def position(self, symbol: str) -> Position:
        """What is held of a symbol."""
        return self.positions.get(symbol, NONE)

    def equity(self, marks: Mapping[str, float]) -> float:
        """What it is worth.

        Args:
            marks: The price of each symbol that is held.
        """
        return self.cash + sum(one.shares * marks[symbol] for symbol, one in self.positions.items())

    def sold_short(self, marks: Mapping[str, float]) -> float:
        """What all that is sold short would cost now."""
        return sum(-one.shares * marks[name] for name, one in self.positions.items() if one.shares < 0)


def opened(deposit: float) -> Account:
    """A new account.

    Raises:
        InvalidInput: `deposit` is not money above 0.
    """
    if not 0 < deposit < float("inf"):
        raise InvalidInput(f"the deposit is {deposit}", "give money above 0")
    return Account(cash=deposit, deposit=deposit)


def filled(
    account: Account, symbol: str, change: int, price: float, cost: float, slipped: float
) -> tuple[Account, float]:
    """The account after a fill, and the profit or loss that it closed.

    Args:
        account: Before it.
        symbol: Of what.
        change: Shares bought, or less than 0: sold.
        price: Of each, slippage included.
        cost: Of the fill, beside the price; shared out by shares where one fill closes and opens.
        slipped: What of the price is slippage, in money.
    """
    held = account.position(symbol)
    closing = min(abs(change), abs(held.shares)) if held.shares * change < 0 else 0
    sign = 1 if change > 0 else -1
    realised, basis = 0.0, held.basis
    if closing:
        share = held.basis * closing / abs(held.shares)
        moved = closing * price + sign * cost * closing / abs(change)
        realised = share - moved if sign > 0 else moved - share
        basis = held.basis - share
    opening = abs(change) - closing
    if opening:
        basis += opening * price + sign * cost * opening / abs(change)
    shares = held.shares + change
    positions = dict(account.positions)
    positions.pop(symbol, None)
    if shares:
        positions[symbol] = Position(shares=shares, basis=basis)
    return account.model_validate(
        {
            **dict(account),
            "cash": _money(account.cash - change * price - cost),
            "positions": positions,
            "realised": account.realised + realised,
            "costs": account.costs + cost,
            "slipped": account.slipped + slipped,
            "traded": account.traded + abs(change) * price,
        }
    ), realised


def charged(account: Account, amount: float, day: datetime.date) -> Account:
    """The account on a day, after what borrowed shares have cost: as much of it as there is cash."""
    paid = min(amount, account.cash)
    return account.model_validate(
        {
            **dict(account),
            "cash": account.cash - paid,
            "realised": account.realised - paid,
            "costs": account.costs + paid,
            "day": day,
        }
    )


def _money(amount: float) -> float:
    """Rounding alone may leave less than nothing: that is nothing."""
    return 0.0 if -ROUNDING < amount < 0 else amount
