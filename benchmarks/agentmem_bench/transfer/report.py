"""The result of the transfer as tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from agentmem_bench.tables import table

if TYPE_CHECKING:
    from rich.table import Table


def tables(result: dict[str, Any]) -> Iterator[Table]:
    """What a person wants to know of a result of `measure`."""
    heads = [f"{budget:,}" for budget in result["budgets"]]
    title = f"Tasks solved of {result['tasks']}, without a language model, by programs tried"
    shown = table(title, "memory", [*heads, "wrong", "programs/s"])
    for one in result["memories"]:
        cells = (
            f"{solved} ({_times(times)})" for solved, times in zip(one["solved"], one["times"], strict=True)
        )
        shown.add_row(one["memory"], *cells, str(one["wrong"]), f"{one['programs_a_second']:,}")
    shown.caption = f"in brackets: times those without a memory, 95% interval; aim {result['aim']:.1f}"
    yield shown
    shown = table("Programs tried, geometric mean, where both solve", "memory", ("tasks", "with", "without"))
    for one in result["memories"]:
        tried = one["tried_where_both_solve"]
        if tried["tasks"]:
            shown.add_row(
                one["memory"], str(tried["tasks"]), f"{tried['with']:,.0f}", f"{tried['without']:,.0f}"
            )
    yield shown


def _times(times: dict[str, float | None]) -> str:
    if times["value"] is None:
        return "–"
    return f"{times['value']:.2f}×, {times['low']:.2f}–{times['high']:.2f}"
