"""What the market table shows, in sentences that say no more than its intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentmem.runs.market.yardsticks import HOLDING

SINGLE, DEBATE, FLAT, NONE = (
    "layered",
    "layered, 3 in debate",
    "flat memory",
    "no memory",
)
"""The agents of the table by name."""


def reading(told: Mapping[str, Any]) -> str:
    """What the table shows, in plain sentences, and what it does not."""
    rows, own, hold = told["rows"], told["rows"][SINGLE], told["rows"][HOLDING]
    less = own["less_buy_and_hold"]
    parts = [
        f"Over {len(told['symbols'])} symbols from {told['start']} to {told['end']}, costs included, one"
        f" agent with layered memory returned {_brief(own)}, three in debate {_brief(rows[DEBATE])}, buy and"
        f" hold {_brief(hold)}",
        f"The agent's return less that of buy and hold is {_range(less['total'], percent=True)}, of Sharpe"
        f" {_range(less['sharpe'])}: {_verdict(less['sharpe'], 'buy and hold')}",
    ]
    for one in told["differences"]:
        if one["of"] == SINGLE and one["less"] != HOLDING:
            verdict = _verdict(one["sharpe"], one["less"])
            parts.append(f"Layered less {one['less']}: Sharpe {_range(one['sharpe'])}: {verdict}")
    random = told["random"]
    parts.append(
        f"Of {random['seeds']} random traders with its turnover, {random['below_total']:.0%} returned less"
    )
    parts.append(
        "One market, one period and one fixed rule over news derived from prices: it tells nothing of other"
        " years, of real news, or of a language model as the policy"
    )
    return ". ".join(parts) + "."


def _brief(row: Mapping[str, Any]) -> str:
    sharpe = "–" if row["sharpe"] is None else f"{row['sharpe']:.2f}"
    return f"{row['total']:+.1%} (Sharpe {sharpe})"


def _range(one: Mapping[str, float], *, percent: bool = False) -> str:
    form = "+.1%" if percent else "+.2f"
    return f"{one['value']:{form}} [{one['low']:{form}}, {one['high']:{form}}]"


def _verdict(one: Mapping[str, float], other: str) -> str:
    if one["low"] > 0:
        return f"better than {other} beyond what blocks of days explain"
    if one["high"] < 0:
        return f"worse than {other} beyond what blocks of days explain"
    return f"no difference from {other} that blocks of days would not explain"
