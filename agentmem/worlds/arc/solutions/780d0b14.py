"""Each panel becomes one cell of its main colour."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, main_colour, panels_to_cells


def transform(grid: Grid) -> Grid:
    return panels_to_cells(grid, main_colour)
