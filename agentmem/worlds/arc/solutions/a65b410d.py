"""A green stair rises above the red bar, and a blue one falls below it."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLUE,
    DOWN_LEFT,
    GREEN,
    RED,
    UP,
    UP_RIGHT,
    Grid,
    cells_ahead,
    cells_of,
    filled_cells,
    paint,
    paint_empty,
    trail,
)


def transform(grid: Grid) -> Grid:
    stair = filled_cells(trail(trail(grid, UP_RIGHT), UP))
    scene = paint_empty(grid, stair, GREEN)
    return paint(scene, cells_ahead(cells_of(grid, RED), DOWN_LEFT), BLUE)
