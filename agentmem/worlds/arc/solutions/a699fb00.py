"""Red fills what lies between two blue cells in a row."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import BLUE, RED, Grid, cells_of, paint_empty, row_cells_between


def transform(grid: Grid) -> Grid:
    return paint_empty(grid, row_cells_between(cells_of(grid, BLUE)), RED)
