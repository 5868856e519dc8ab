"""The grid is turned by half a turn."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, rotate_half_turn


def transform(grid: Grid) -> Grid:
    return rotate_half_turn(grid)
