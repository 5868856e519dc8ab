"""The market table for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from agentmem_bench.tables import table

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

COLUMNS = ("return", "Sharpe", "volat.", "drawdown", "turnover", "costs", "Sharpe less hold")


def pieces(told: Mapping[str, Any]) -> Iterator[RenderableType]:
    """What the part `market` found, as a table and a reading of it.

    Args:
        told: Of `market.measure`.
    """
    days = f"{told['start']} to {told['end']}"
    level = told["bootstrap"]["level"]
    yield market_table(told, f"market: {len(told['symbols'])} symbols, {days}, costs included ({level:.0%})")
    yield f"{told['reading']}\n"


def market_table(told: Mapping[str, Any], title: str) -> Table:
    """Agents first, then rules, then chance."""
    made = table(title, "", COLUMNS)
    made.columns[0].no_wrap = True
    for name, row in told["rows"].items():
        bounds = row["intervals"]
        less = row["less_buy_and_hold"]
        made.add_row(
            name,
            f"{row['total']:+.1%} {_within(bounds['total'], '+.0%')}",
            f"{_sharpe(row)} {_within(bounds['sharpe'], '.2f')}",
            f"{row['volatility']:.1%}",
            f"{row['drawdown']:.1%}",
            f"{row['turnover']:.1f}",
            f"{row['costs']:.1%}",
            "" if less is None else f"{less['sharpe']['value']:+.2f} {_within(less['sharpe'], '+.2f')}",
        )
    random = told["random"]
    made.add_row(
        f"random ({random['seeds']} seeds)",
        f"{random['total']['mean']:+.1%} {_within(random['total'], '+.0%')}",
        f"{random['sharpe']['mean']:.2f} {_within(random['sharpe'], '.2f')}",
        f"{random['volatility']['mean']:.1%}",
        f"{random['drawdown']['mean']:.1%}",
        f"{random['turnover']['mean']:.1f}",
        f"{random['costs']['mean']:.1%}",
        "",
    )
    made.caption = (
        "agents: the policy signal; random: the turnover of layered; its intervals: 90% of the seeds;"
        " others: stationary block bootstrap"
    )
    return made


def _sharpe(row: Mapping[str, Any]) -> str:
    return "–" if row["sharpe"] is None else f"{row['sharpe']:.2f}"


def _within(one: Mapping[str, float], form: str) -> str:
    return f"[{one['low']:{form}} {one['high']:{form}}]"
