"""Both diagonals turn black."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import BLACK, Grid, cells_of, diagonals_through, paint


def transform(grid: Grid) -> Grid:
    return paint(grid, diagonals_through(cells_of(grid, BLACK)), BLACK)
