"""Every second column's cells become yellow."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import YELLOW, Grid, both, every_second_column, filled_cells, paint


def transform(grid: Grid) -> Grid:
    return paint(grid, both(filled_cells(grid), every_second_column(grid)), YELLOW)
