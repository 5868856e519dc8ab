"""Four copies of the grid, each turned by a quarter more, meet in the middle."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    Grid,
    above,
    beside,
    extend_right,
    rotate_anticlockwise,
    rotate_clockwise,
    rotate_half_turn,
)


def transform(grid: Grid) -> Grid:
    lower = beside(rotate_anticlockwise(grid), rotate_half_turn(grid))
    return above(extend_right(grid, rotate_clockwise), lower)
