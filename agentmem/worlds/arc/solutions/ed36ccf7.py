"""The grid is turned a quarter anticlockwise."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, rotate_anticlockwise


def transform(grid: Grid) -> Grid:
    return rotate_anticlockwise(grid)
