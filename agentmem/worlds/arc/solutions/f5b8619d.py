"""Azure fills the columns that have a cell, and the grid is tiled two by two."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import AZURE, TWO, Grid, columns_through, filled_cells, paint_empty, tile


def transform(grid: Grid) -> Grid:
    return tile(paint_empty(grid, columns_through(filled_cells(grid)), AZURE), TWO, TWO)
