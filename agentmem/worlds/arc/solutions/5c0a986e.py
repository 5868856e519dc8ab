"""Diagonals leave the blue block at the top left and the red one at the bottom right."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLUE,
    DOWN,
    DOWN_RIGHT,
    LEFT,
    RED,
    RIGHT,
    UP,
    UP_LEFT,
    Grid,
    both,
    cells_ahead,
    cells_of,
    neither,
    paint,
    shifted,
)


def transform(grid: Grid) -> Grid:
    blue, red = cells_of(grid, BLUE), cells_of(grid, RED)
    first = both(blue, neither(shifted(blue, DOWN), shifted(blue, RIGHT)))
    last = both(red, neither(shifted(red, UP), shifted(red, LEFT)))
    return paint(paint(grid, cells_ahead(first, UP_LEFT), BLUE), cells_ahead(last, DOWN_RIGHT), RED)
