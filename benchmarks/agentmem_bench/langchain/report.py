"""The result as tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from agentmem_bench.tables import table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

AIMED_MS = 15.0
OPERATIONS = ("fill_s", "put", "get", "search", "search_own", "search_filter", "filter")
CALLED = {
    "agentmem": "AgentMemStore",
    "memory": "InMemoryStore",
    "sqlite": "AsyncSqliteStore",
}


def show(result: dict[str, Any], console: Console) -> None:
    """Print all that a person wants to know."""
    for piece in _pieces(result):
        console.print(piece)


def _pieces(result: dict[str, Any]) -> Iterator[Table]:
    if "overhead" in result:
        yield _overhead(result["overhead"])
    if "crowd" in result:
        yield _crowd(result["crowd"])
    if "stores" in result:
        yield stores_table(result["stores"])


def _overhead(told: dict[str, Any]) -> Table:
    title = f"A turn with {told['memories']:,} memories, milliseconds above query embedding"
    shown = table(title, "", ("p50", "p95"))
    rows = {
        "bare agent": told["bare"],
        "with memory": told["with_memory_above_embedding"],
        "  recall": told["parts"]["recall"],
        "  synthesis": told["parts"]["synthesis"],
        "  observe": told["parts"]["observe"],
        "embedding of the question": told["embedding"],
        "vectors of what was said, after the turn": told["background"],
    }
    for name, one in rows.items():
        shown.add_row(name, f"{one['p50']:.2f}", f"{one['p95']:.2f}")
    reached = "reached" if told["overhead_p50"] <= AIMED_MS else "missed"
    shown.caption = (
        f"memory adds {told['overhead_p50']:.1f} ms (p50; aimed at {AIMED_MS:.0f}: {reached}); "
        f"a context of {told['context_tokens']:,} tokens"
    )
    return shown


def _crowd(told: dict[str, Any]) -> Table:
    title = f"{told['agents']} agents at once on one bank, {told['turns']:,} turns"
    heads = ("lost", "doubled", "crossed", "turns/s", "commits/turn")
    shown = table(title, "", heads)
    for way in ("threads", "asyncio"):
        one = told[way]
        figures = (f"{one['turns_per_second']:.1f}", f"{one['commits_per_turn']:.2f}")
        shown.add_row(way, str(one["lost"]), str(one["doubled"]), str(one["crossed"]), *figures)
    shares = told["cacheable"]
    shown.caption = (
        f"over 50 turns {shares['with_memory']:.1%} of a request's tokens begin the one before, too "
        f"({shares['with_memory_but_for_recall']:.1%} but for the recall; without memory "
        f"{shares['without']:.1%})"
    )
    return shown


def stores_table(rows: list[dict[str, Any]]) -> Table:
    """The operations of each store at each size."""
    heads = ("items", *OPERATIONS)
    shown = table("Stores of LangGraph: seconds to fill, then milliseconds (median)", "store", heads)
    for row in rows:
        figures = [row.get("failed") or _milliseconds(row[one]) for one in OPERATIONS]
        shown.add_row(CALLED[row["name"]], f"{row['size']:,}", *figures)
    return shown


def _milliseconds(value: float | None) -> str:
    return "–" if value is None else f"{value:,.2f}"
