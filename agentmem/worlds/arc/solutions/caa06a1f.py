"""The pattern fills the grid, one step further to the left."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    LEFT,
    ONE,
    Grid,
    corner_colour,
    fill_by_period,
    recolour,
    rotate_half_turn,
    shift,
)


def transform(grid: Grid) -> Grid:
    ground = corner_colour(rotate_half_turn(grid))
    pattern = fill_by_period(recolour(grid, ground, BLACK))
    return fill_by_period(shift(pattern, LEFT, ONE))
