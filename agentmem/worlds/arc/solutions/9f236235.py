"""Each panel becomes one cell, and all is mirrored."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, flip_left_right, most_common_colour, panels_to_cells


def transform(grid: Grid) -> Grid:
    return flip_left_right(panels_to_cells(grid, most_common_colour))
