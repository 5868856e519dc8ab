"""A blue ring is drawn around each cell."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import BLUE, Grid, filled_cells, paint, ring_around


def transform(grid: Grid) -> Grid:
    return paint(grid, ring_around(filled_cells(grid)), BLUE)
