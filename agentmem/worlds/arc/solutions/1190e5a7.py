"""Each panel becomes one cell."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, most_common_colour, panels_to_cells


def transform(grid: Grid) -> Grid:
    return panels_to_cells(grid, most_common_colour)
