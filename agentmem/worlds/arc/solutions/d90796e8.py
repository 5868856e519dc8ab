"""A green cell beside a red one becomes azure, and the red one goes."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import AZURE, BLACK, GREEN, RED, Grid, both, cells_of, neighbours, paint


def transform(grid: Grid) -> Grid:
    green, red = cells_of(grid, GREEN), cells_of(grid, RED)
    return paint(paint(grid, both(green, neighbours(red)), AZURE), both(red, neighbours(green)), BLACK)
