"""Only the middle column stays."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    ONE,
    Grid,
    beside,
    first_columns,
    last_columns,
    left_half,
    paint_all,
    width_of_grid,
)


def transform(grid: Grid) -> Grid:
    side = paint_all(left_half(grid), BLACK)
    middle = last_columns(first_columns(grid, width_of_grid(side) + ONE), ONE)
    return beside(beside(side, middle), side)
