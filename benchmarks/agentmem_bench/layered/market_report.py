"""The market table for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agentmem_bench.tables import table

if TYPE_CHECKING:
    from rich.console import Console

COLUMNS = ("return", "Sharpe", "volatility", "drawdown", "turnover", "costs", "Sharpe less buy and hold")


def show(told: Mapping[str, Any], console: Console) -> None:
    """Print what the part `market` found.

    Args:
        told: Of `market.measure`.
        console: Where to.
    """
    level = told["bootstrap"]["level"]
    console.print(
        table_of(
            told, f"Market: {len(told['symbols'])} symbols, {told['start']} to {told['end']}, {level:.0%}"
        )
    )
    console.print(told["reading"])


def table_of(told: Mapping[str, Any], title: str) -> Any:
    """The table, agents first, then rules, then chance."""
    made = table(title, "", COLUMNS)
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
        f"random, same turnover ({random['seeds']} seeds)",
        f"{random['total']['mean']:+.1%} {_within(random['total'], '+.0%')}",
        f"{random['sharpe']['mean']:.2f} {_within(random['sharpe'], '.2f')}",
        f"{random['volatility']['mean']:.1%}",
        f"{random['drawdown']['mean']:.1%}",
        f"{random['turnover']['mean']:.1f}",
        f"{random['costs']['mean']:.1%}",
        "",
    )
    return made


def _sharpe(row: Mapping[str, Any]) -> str:
    return "–" if row["sharpe"] is None else f"{row['sharpe']:.2f}"


def _within(one: Mapping[str, float], form: str) -> str:
    return f"[{one['low']:{form}}, {one['high']:{form}}]"
