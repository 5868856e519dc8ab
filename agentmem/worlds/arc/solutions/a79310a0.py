"""The piece moves down by one cell and turns red."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import AZURE, DOWN, ONE, RED, Grid, recolour, shift


def transform(grid: Grid) -> Grid:
    return recolour(shift(grid, DOWN, ONE), AZURE, RED)
