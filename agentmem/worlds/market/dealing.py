"""What becomes of an order at a price: what the rules allow of it, and the account afterwards."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from agentmem.agents.trading.values import Fill, Order
from agentmem.worlds.market.account import Account, filled
from agentmem.worlds.market.rules import Costs, Rules


@dataclass(frozen=True)
class Outcome:
    """What became of an order.

    Attributes:
        account: After it.
        fill: What was done; none: nothing.
        note: Why not all, or nothing; empty: all was done.
    """

    account: Account
    fill: Fill | None = None
    note: str = ""


@dataclass(frozen=True)
class Deal:
    """An order that meets a price.

    Attributes:
        symbol: Of what.
        order: What is wanted.
        decided: The day of the decision.
        day: The day of the fill.
        marks: The market's price of `symbol` now, and the last of each other symbol held.
        forced: Why nobody asked for it; empty: somebody did.
    """

    symbol: str
    order: Order
    decided: datetime.date
    day: datetime.date
    marks: Mapping[str, float]
    forced: str = ""


def done(account: Account, deal: Deal, costs: Costs, rules: Rules) -> Outcome:
    """What becomes of an order that meets a price: as much of it as the rules allow is filled.

    Args:
        account: Whose order.
        deal: The order and the price.
        costs: What a fill costs.
        rules: What is allowed.
    """
    order, price = deal.order, deal.marks[deal.symbol]
    shares, why = allowed(account, deal.symbol, order, deal.marks, costs, rules)
    cut = f"{order.side} {shares} of {order.shares}: {why}" if why else ""
    note = "; ".join(part for part in (deal.forced, cut) if part)
    if not shares:
        return Outcome(account, note=note)
    buying = order.side == "buy"
    paid = costs.slipped(price, buying=buying)
    cost, slipped = costs.of(shares, paid), shares * abs(paid - price)
    change = shares if buying else -shares
    after, realised = filled(account, deal.symbol, change, paid, cost, slipped)
    fill = Fill(
        date=deal.day,
        symbol=deal.symbol,
        side="buy" if buying else "sell",
        shares=shares,
        price=paid,
        cost=cost,
        realised=realised,
        decided=deal.decided,
    )
    return Outcome(after, fill, note)


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
        "the cash allows no more" if affordable <= cover + room else "the position may not be larger"
    )
