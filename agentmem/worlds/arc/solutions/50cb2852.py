"""The inside of each rectangle becomes azure."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import AZURE, Grid, filled_cells, interior, paint


def transform(grid: Grid) -> Grid:
    return paint(grid, interior(filled_cells(grid)), AZURE)
