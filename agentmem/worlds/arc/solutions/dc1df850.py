"""A blue ring is drawn around each red cell."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import BLUE, RED, Grid, cells_of, paint, ring_around


def transform(grid: Grid) -> Grid:
    return paint(grid, ring_around(cells_of(grid, RED)), BLUE)
