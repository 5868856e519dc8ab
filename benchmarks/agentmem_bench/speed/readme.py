"""What the README says of a result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentmem_bench.speed.report import figures_table
from agentmem_bench.tables import markdown, paragraph

COLUMNS = ("measured", "target", "reached", "limit", "is", "× limit")


def block(result: Mapping[str, Any]) -> str:
    """The figures to reach, and a search beside other stores."""
    figures = result["figures"]
    missed = sum(not figure["reached"] for figure in figures)
    begin = paragraph(
        f"Speed on {result['machine']['cores']} cores, by `agentmem bench speed`: synthetic texts and "
        "vectors made from real ones, but for ingest and shell, where the real embedder runs. What "
        "bounds each figure is measured in the same run."
    )
    reached = f"{len(figures) - missed} of {len(figures)} targets are reached."
    why = (
        "What keeps the others from theirs is told in [decision 007](docs/decisions/007-speed.md)."
        if missed
        else ""
    )
    end = paragraph(reached, why, _stores(result))
    return "\n\n".join((begin, markdown((figures_table(figures), COLUMNS)), end))


def _stores(result: Mapping[str, Any]) -> str:
    """One search at the largest size that every store managed."""
    stores = result.get("peers", {}).get("stores", {})
    sizes = [
        size
        for size in result["data"]["sizes"]
        if all("ms" in one["sizes"][str(size)] for one in stores.values())
    ]
    if not stores or not sizes:
        return ""
    size = str(max(sizes))
    times = ", ".join(
        f"{name} {_ms(one['sizes'][size]['ms']['p50'])}{_found(one['sizes'][size]['recall'])}"
        for name, one in stores.items()
        if one["sizes"][size]["recall"] is not None
    )
    own = result["recall"][size]
    return (
        f"A top-10 search over {int(size):,} took {times}; agentmem {_ms(own['dense_alone_ms']['p50'])} "
        f"by vectors alone, and {_ms(own['ms']['p50'])} with words, names, times and neighbours."
    )


def _ms(value: float) -> str:
    return f"{value:,.0f} ms" if value >= 100 else f"{value:.2f} ms"  # noqa: PLR2004  three digits


def _found(recall: float) -> str:
    return "" if recall >= 0.9995 else f" (which found {recall:.3f} of the ten best)"  # noqa: PLR2004  rounds to 1
