"""The result as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentmem_bench.tables import table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def show(told: dict[str, Any], console: Console) -> None:
    """Print all that a person wants to know."""
    console.print(runs_table(told))


def runs_table(told: dict[str, Any]) -> Table:
    """What each number of workers came to."""
    heads = ("texts/s", "begun in", "seconds", "vectors")
    shown = table(f"{told['texts']:,} texts embedded by {told['embedder']}", "workers", heads)
    for one in told["runs"]:
        is_same = one["vectors"] == told["runs"][0]["vectors"]
        shown.add_row(
            f"{one['workers'] or 'none'}",
            f"{one['per_s']:.1f}",
            f"{one['begin_s']:.1f} s",
            f"{one['seconds']:.1f}",
            "the same" if is_same else "OTHERS",
        )
    return shown
