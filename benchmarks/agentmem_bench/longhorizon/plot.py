"""Curves of success by budget, a panel for each world."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agentmem.cli.plot_style import MUTED, STYLE
from agentmem_bench.plotting import OWN, TARGET

COLOURS = {"subgoal": OWN, "full": MUTED, "truncated": TARGET, "summary": "#c98a2b"}
WIDTHS, DASHED = {"subgoal": 4.0}, {"summary": (0, (3, 2))}
"""Curves that lie on one another are all to be seen: ours is broad and drawn first."""
NAME = "longhorizon.svg"


def draw(cells: Sequence[dict[str, Any]], folder: Path) -> Path:
    """Draw success against budget, with intervals over seeds; where it was written."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    worlds = list(dict.fromkeys(one["world"] for one in cells))
    memories = [one for one in COLOURS if any(cell["memory"] == one for cell in cells)]
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(11, 2.6), layout="constrained")
        panels = figure.subplots(1, len(worlds), sharey=True, squeeze=False)[0]
        for panel, world in zip(panels, worlds, strict=True):
            for memory in memories:
                own = [one for one in cells if (one["world"], one["memory"]) == (world, memory)]
                own.sort(key=lambda one: one["budget"])
                budgets = [one["budget"] for one in own]
                panel.plot(
                    budgets,
                    [one["success"] for one in own],
                    color=COLOURS[memory],
                    linewidth=WIDTHS.get(memory, 1.2),
                    alpha=0.5 if memory in WIDTHS else 1.0,
                    linestyle=DASHED.get(memory, "-"),
                    marker="o",
                    markersize=3,
                    label=memory,
                )
                low, high = zip(*(one["success_interval"] for one in own), strict=True)
                panel.fill_between(budgets, low, high, color=COLOURS[memory], alpha=0.12, linewidth=0)
            panel.set_xscale("log", base=2)
            panel.set_xticks(sorted({one["budget"] for one in cells}))
            panel.set_xticklabels([str(one) for one in sorted({one["budget"] for one in cells})], rotation=60)
            panel.minorticks_off()
            panel.set_title(world)
            panel.set_ylim(-0.04, 1.04)
        panels[0].set_ylabel("episodes that reach the goal")
        figure.supxlabel("tokens of the context", fontsize=9)
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside right upper", fontsize=8)
        path = folder / NAME
        figure.savefig(path, format="svg", metadata={"Date": None})
    return path
