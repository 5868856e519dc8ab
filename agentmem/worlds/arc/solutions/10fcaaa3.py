"""The grid is tiled two by two, and azure marks the corners around each cell."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import AZURE, TWO, Grid, diagonal_neighbours, filled_cells, paint_empty, tile


def transform(grid: Grid) -> Grid:
    tiled = tile(grid, TWO, TWO)
    return paint_empty(tiled, diagonal_neighbours(filled_cells(tiled)), AZURE)
