"""Each row below is longer by one cell."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    DOWN,
    DOWN_RIGHT,
    ONE,
    Grid,
    above,
    left_half,
    solid,
    trail,
    width_of_grid,
)


def transform(grid: Grid) -> Grid:
    below = solid(width_of_grid(left_half(grid)) - ONE, width_of_grid(grid), BLACK)
    return trail(trail(above(grid, below), DOWN_RIGHT), DOWN)
