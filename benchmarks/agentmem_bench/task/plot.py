"""The prompt of a turn by the number of turns, drawn as SVG."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from agentmem.cli.plot_style import MUTED, STYLE
from agentmem_bench.plotting import OWN

NAME = "task-prompts.svg"


def draw(result: dict[str, Any], folder: Path) -> Path | None:
    """Draw how prompts grow into `folder`; the file, or none where that was not measured."""
    if "prompts" not in result:
        return None
    import matplotlib as mpl
    from matplotlib.figure import Figure

    curve = result["prompts"]["curve"]
    turns = [point["turn"] for point in curve]
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(6.4, 3.6), layout="constrained")
        axes = figure.subplots()
        axes.plot(turns, [point["flat"] for point in curve], color=MUTED, label="flat history")
        axes.plot(turns, [point["task"] for point in curve], color=OWN, lw=1, label="task memory")
        axes.set_yscale("log")
        axes.set_xlabel("turns so far")
        axes.set_ylabel("tokens of the prompt of a turn")
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,g}")
        axes.legend()
        path = folder / NAME
        figure.savefig(path, metadata={"Date": None})
    return path
