"""The pattern goes on by half its height, and blue becomes red."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLUE,
    RED,
    Grid,
    above,
    height_of_grid,
    recolour,
    repeat_pattern,
    top_half,
    width_of_grid,
)


def transform(grid: Grid) -> Grid:
    longer = height_of_grid(above(grid, top_half(grid)))
    return recolour(repeat_pattern(grid, longer, width_of_grid(grid)), BLUE, RED)
