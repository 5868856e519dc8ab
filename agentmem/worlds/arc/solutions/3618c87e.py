"""Blue cells fall to the bottom and trade places with the ground."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import BLACK, BLUE, DOWN, TWO, Grid, overlay, recolour, shift


def transform(grid: Grid) -> Grid:
    return overlay(recolour(grid, BLUE, BLACK), shift(grid, DOWN, TWO))
