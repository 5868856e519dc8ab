"""The pattern takes the colours of the small panel, each in its quarter."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    THREE,
    Grid,
    count_colours,
    count_filled,
    filled_cells,
    grid_with_most,
    panels,
    pick_cells,
    scale_up,
)


def transform(grid: Grid) -> Grid:
    pattern = grid_with_most(panels(grid), count_filled)
    colours = scale_up(grid_with_most(panels(grid), count_colours), THREE)
    return pick_cells(filled_cells(pattern), colours, pattern)
