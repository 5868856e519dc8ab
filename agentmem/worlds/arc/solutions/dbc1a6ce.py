"""Blue cells in a row or column are joined by azure."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import AZURE, BLUE, Grid, cells_between, cells_of, paint_empty


def transform(grid: Grid) -> Grid:
    return paint_empty(grid, cells_between(cells_of(grid, BLUE)), AZURE)
