"""An account as a value: money, positions at their average cost, and what trading has brought and cost."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from agentmem.agents.trading.values import Order
from agentmem.errors import InvalidInput
from agentmem.records import Value
from agentmem.worlds.market.rules import Costs, Rules

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


def allowed(
    account: Account, symbol: str, order: Order, marks: Mapping[str, float], costs: Costs, rules: Rules
) -> tuple[int, str]:
    """How many shares of an order the rules allow, and what cut it; empty: nothing did.

    A purchase first buys back what is sold short, which only cash limits; more is limited by the share of
    equity that a position may have, and by the cash that is not needed to buy back what is sold short of
    others. A sale first sells what is held; more is sold short, within its limit.

    Args:
        account: Whose order.
        symbol: Of what.
        order: What is wanted.
        marks: The market's price of `symbol` now, and the last of each other symbol held.
        costs: What a fill costs.
        rules: What is allowed.
    """
    price, held = marks[symbol], account.position(symbol).shares
    equity = account.equity(marks)
    if order.side == "buy":
        shares, why = _purchase(account, symbol, order.shares, marks, costs, rules)
    elif order.side == "sell":
        closing = min(order.shares, max(held, 0))
        room = 0
        if rules.short and equity > 0:
            room = max(0, int((rules.short_limit * equity - account.sold_short(marks)) / price))
        shares = closing + min(order.shares - closing, room)
        why = "no more may be sold short" if rules.short else "no more is held, and nothing may be sold short"
        paid = costs.slipped(price, buying=False)
        if shares and account.cash + shares * paid < costs.of(shares, paid):
            shares, why = 0, "the costs are more than it brings and the account has"
    else:
        return 0, ""
    return shares, "" if shares == order.shares else why


def _purchase(
    account: Account, symbol: str, wanted: int, marks: Mapping[str, float], costs: Costs, rules: Rules
) -> tuple[int, str]:
    price, held = marks[symbol], account.position(symbol).shares
    paid = costs.slipped(price, buying=True)
    cover = min(wanted, max(-held, 0))
    affordable = costs.affordable(account.cash, paid)
    if affordable < cover or wanted == cover:
        return min(cover, affordable), "the cash allows no more"
    others = account.sold_short(marks) + min(held, 0) * price
    affordable = max(cover, costs.affordable(account.cash - others, paid))
    room = max(0, int(rules.position_limit * max(0.0, account.equity(marks)) / price) - max(held, 0))
    shares = min(wanted, cover + room, affordable)
    return shares, (
        "the cash allows no more" if affordable < cover + room else "the position may not be larger"
    )


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
