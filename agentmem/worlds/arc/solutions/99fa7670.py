"""Each cell runs to the right edge and from there down."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    DOWN,
    ONE,
    RIGHT,
    Grid,
    beside,
    first_columns,
    last_columns,
    trail,
    width_of_grid,
)


def transform(grid: Grid) -> Grid:
    drawn = trail(grid, RIGHT)
    side = trail(last_columns(drawn, ONE), DOWN)
    return beside(first_columns(drawn, width_of_grid(grid) - ONE), side)
