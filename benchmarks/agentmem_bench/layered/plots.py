"""F1 by age of the items, a panel for each regime, and how recall and advance grow; drawn as SVG."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentmem.cli.plot_style import MUTED, STYLE
from agentmem_bench.layered.report import ADVANCE_MS, RECALL_MS
from agentmem_bench.layered.scores import BANDS
from agentmem_bench.plotting import OWN, TARGET

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = {
    "layered": OWN,
    "layered, finmem": "#8e5bb5",
    "generative agents": "#c98a2b",
    "recency": "#7a9e3a",
    "window": TARGET,
    "flat": MUTED,
}
AGES, GROWTH = "layered-ages.svg", "layered-growth.svg"


def draw(result: dict[str, Any], folder: Path) -> list[Path]:
    """Draw what `result` has of streams and of scale; the files."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    drawn = []
    with mpl.rc_context(STYLE):
        for part, name, size, make in (
            ("streams", AGES, (11, 3.0), _ages),
            ("scale", GROWTH, (6.0, 3.2), _growth),
        ):
            if part in result:
                figure = Figure(figsize=size, layout="constrained")
                make(figure, result)
                figure.savefig(folder / name, format="svg", metadata={"Date": None})
                drawn.append(folder / name)
    return drawn


def _ages(figure: Figure, result: dict[str, Any]) -> None:
    main, told = str(result["main_k"]), result["streams"]
    panels = figure.subplots(1, len(told), sharey=True, squeeze=False)[0]
    for panel, (name, found) in zip(panels, told.items(), strict=True):
        for memory, colour in COLOURS.items():
            if memory not in found["memories"]:
                continue
            bands = found["memories"][memory][main]["by_age"]
            points = [(n, bands[band]["f1"]) for n, band in enumerate(BANDS) if bands[band]["f1"] is not None]
            width = 2.0 if memory == "layered" else 1.2
            panel.plot(*zip(*points, strict=True), "o-", color=colour, lw=width, ms=3, label=memory)
        panel.set_xticks(range(len(BANDS)), list(BANDS), rotation=50)
        panel.set_title(name.replace("_", " "))
        panel.set_ylim(-0.03, 1.03)
    panels[0].set_ylabel(f"F1 at {main}")
    figure.supxlabel("age of the item at the query", fontsize=9)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right upper", fontsize=8)


def _growth(figure: Figure, result: dict[str, Any]) -> None:
    axes = figure.subplots()
    rows = result["scale"]["rows"]
    sizes = [row["items"] for row in rows]
    for name, label, colour, style in (
        ("recall_ms", "recall by layers", OWN, "o-"),
        ("recall_faded_ms", "with what has faded", OWN, "o:"),
        ("recall_past_ms", "five years back", OWN, "o--"),
        ("advance_ms", "a day's advance", "#c98a2b", "s-"),
        ("advance_idle_ms", "nothing due", "#c98a2b", "s:"),
    ):
        axes.plot(sizes, [row[name]["p50"] for row in rows], style, color=colour, ms=4, label=label)
    for aim in (RECALL_MS, ADVANCE_MS):
        axes.plot([sizes[-1]], [aim], "_", color=TARGET, ms=18, mew=2)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("items")
    axes.set_ylabel("ms, p50, above embedding")
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=8)
