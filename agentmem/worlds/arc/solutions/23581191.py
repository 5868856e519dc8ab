"""Lines cross through both cells, and red marks where they meet."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import AZURE, ORANGE, RED, Grid, both, cells_of, crosses_through, paint


def transform(grid: Grid) -> Grid:
    azure, orange = crosses_through(cells_of(grid, AZURE)), crosses_through(cells_of(grid, ORANGE))
    return paint(paint(paint(grid, azure, AZURE), orange, ORANGE), both(azure, orange), RED)
