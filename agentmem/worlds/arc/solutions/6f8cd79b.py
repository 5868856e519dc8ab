"""The edge becomes azure."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import AZURE, Grid, edge_cells, paint


def transform(grid: Grid) -> Grid:
    return paint(grid, edge_cells(grid), AZURE)
