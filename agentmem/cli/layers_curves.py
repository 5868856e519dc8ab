"""The survival curves of a layered memory as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from agentmem.cli.layers_figure import COLOURS, figure

if TYPE_CHECKING:
    from agentmem.stores.layered.course import Survival


def draw_survival(found: Mapping[str, Survival], file: Path, *, over: bool) -> None:
    """Draw which share of the items of each layer lives on, by age; a layer without items has no line.

    Args:
        found: By the name of the layer in which they began.
        file: A new file.
        over: Whether a file that is there is replaced.
    """
    longest = max((one.days[-1] for one in found.values() if one.days), default=1.0)
    with figure(6.4, 3.6, file, over=over) as made:
        axis = made.subplots()
        for number, (name, one) in enumerate(found.items()):
            if not one.items:
                continue
            days, share = [0.0, *one.days], [1.0, *one.share]
            if share[-1] > 0:  # others are still there
                days, share = [*days, longest * 1.05], [*share, share[-1]]
            label = f"{name}: {one.items:,} items, {one.faded:,} faded"
            axis.step(days, share, where="post", color=COLOURS[number % len(COLOURS)], label=label)
        axis.set_ylim(0, 1.05)
        axis.set_xlim(0, longest * 1.05)
        axis.set_xlabel("age in days")
        axis.set_ylabel("share that lives longer")
        if any(one.items for one in found.values()):
            made.legend(loc="outside lower left", ncols=2, fontsize=7.5)
