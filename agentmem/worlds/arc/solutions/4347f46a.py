"""Rectangles become hollow."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import BLACK, Grid, filled_cells, interior, paint


def transform(grid: Grid) -> Grid:
    return paint(grid, interior(filled_cells(grid)), BLACK)
