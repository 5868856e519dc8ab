"""How it grows with the number of records, drawn as SVG; the same result gives the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentmem.cli.plot_style import MUTED, STYLE
from agentmem_bench.plotting import OWN, TARGET
from agentmem_bench.speed.figures import (
    FLAT,
    MB,
    MEMORY_MB,
    MEMORY_RECORDS,
    OPEN_RECORDS,
    OPEN_SECONDS,
    RECALL_MS,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROOM = 3
"""Above the highest point, for the legend: the axis ends at so many times of it."""
OTHERS = {
    "LangGraph InMemoryStore": "#d98c1f",
    "LangChain InMemoryVectorStore": "#7a9e3a",
    "Chroma": "#8e5bb5",
    FLAT: MUTED,
}


def draw(result: dict[str, Any], folder: Path) -> list[Path]:
    """Draw what `result` measured of recall; the files."""
    if "recall" not in result:
        return []
    import matplotlib as mpl
    from matplotlib.figure import Figure

    drawn = []
    with mpl.rc_context(STYLE):
        for name, size, make in (("recall", (7.2, 4.4), _recall), ("growth", (9.6, 3.2), _growth)):
            figure = Figure(figsize=size, layout="constrained")
            make(figure, result)
            path = folder / f"speed-{name}.svg"
            figure.savefig(path, metadata={"Date": None})
            drawn.append(path)
    return drawn


def _recall(figure: Figure, result: dict[str, Any]) -> None:
    axes = figure.subplots()
    sizes, told = _sizes(result["recall"])
    axes.plot(
        sizes, [one["ms"]["p50"] for one in told], "o-", color=OWN, lw=2, label="agentmem, all parts, p50"
    )
    axes.plot(sizes, [one["ms"]["p99"] for one in told], "o:", color=OWN, lw=1, ms=3, label="agentmem, p99")
    dense = [one["dense_alone_ms"]["p50"] for one in told]
    axes.plot(sizes, dense, "o--", color=OWN, lw=1, ms=3, alpha=0.6, label="agentmem, dense alone, p50")
    for name, colour in OTHERS.items():
        stored = result.get("peers", {}).get("stores", {}).get(name, {"sizes": {}})["sizes"]
        points = [(int(size), at["ms"]["p50"]) for size, at in stored.items() if "left_out" not in at]
        if points:
            dashes = ":" if name == FLAT else "-"
            axes.plot(
                *zip(*points, strict=True), f"s{dashes}", color=colour, lw=1, ms=4, label=f"{name}, p50"
            )
    targets = [(size, ms) for size, ms in RECALL_MS.items() if sizes[0] <= size <= sizes[-1]]
    if targets:
        axes.plot(*zip(*targets, strict=True), "_", color=TARGET, ms=18, mew=2, label="target")
    _log(axes, "ms of one recall or top-10 search, above embedding", sizes)
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=8)


def _growth(figure: Figure, result: dict[str, Any]) -> None:
    disk, memory, cold = figure.subplots(1, 3)
    sizes, told = _sizes(result["recall"])
    kept = [(one["disk"]["text_bytes"] + one["disk"]["vector_bytes"]) / MB for one in told]
    disk.plot(sizes, [one["disk"]["bytes"] / MB for one in told], "o-", color=OWN, label="on disk")
    disk.plot(sizes, kept, "s:", color=MUTED, ms=4, label="texts and vectors")
    _log(disk, "MB on disk", sizes)
    own = [max(one["memory"]["above_bytes"], one["memory"]["end_above_bytes"]) / MB for one in told]
    memory.plot(sizes, own, "o-", color=OWN, label="resident")
    peak = [one["memory"]["peak_above_bytes"] / MB for one in told]
    memory.plot(sizes, peak, "o:", color=OWN, ms=3, lw=1, label="peak")
    memory.plot(sizes, kept, "s:", color=MUTED, ms=4, label="texts and vectors")
    _target(memory, sizes, MEMORY_RECORDS, MEMORY_MB)
    _log(memory, "MB of memory above the embedder", sizes)
    cold.plot(sizes, [one["cold"]["s"] for one in told], "o-", color=OWN, label="open + first recall")
    read = [one["cold"]["sqlite_reads_all_s"] for one in told]
    cold.plot(sizes, read, "s:", color=MUTED, ms=4, label="bare SQLite reads all")
    _target(cold, sizes, OPEN_RECORDS, OPEN_SECONDS)
    _log(cold, "s, cold", sizes)
    for axes in (disk, memory, cold):
        axes.legend(fontsize=7, loc="upper left")


def _sizes(told: dict[str, Any]) -> tuple[list[int], list[dict[str, Any]]]:
    return [int(size) for size in told], list(told.values())


def _target(axes: Axes, sizes: Sequence[int], at: int, value: float) -> None:
    if sizes[0] <= at <= sizes[-1]:
        axes.plot([at], [value], "_", color=TARGET, ms=18, mew=2, label="target")


def _log(axes: Axes, what: str, sizes: Sequence[int]) -> None:
    from matplotlib.ticker import NullFormatter

    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("records")
    axes.set_ylabel(what)
    axes.set_xticks(sizes, [_count(size) for size in sizes])
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,g}")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_formatter(NullFormatter())
    low, high = axes.get_ylim()
    axes.set_ylim(low, high * ROOM)


def _count(records: int) -> str:
    for unit, name in ((1_000_000, "M"), (1_000, "k")):
        if records >= unit and records % unit == 0:
            return f"{records // unit}{name}"
    return f"{records:,}"
