"""The pattern goes on to twice the width."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, beside, height_of_grid, repeat_pattern, width_of_grid


def transform(grid: Grid) -> Grid:
    return repeat_pattern(grid, height_of_grid(grid), width_of_grid(beside(grid, grid)))
