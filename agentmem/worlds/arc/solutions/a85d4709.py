"""Each row takes the colour that goes with the place of its grey cell."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    GREEN,
    GREY,
    LEFT,
    RED,
    RIGHT,
    YELLOW,
    Grid,
    cells_of,
    paint,
    paint_all,
    rows_through,
    shifted,
)


def transform(grid: Grid) -> Grid:
    grey = cells_of(grid, GREY)
    left = rows_through(shifted(shifted(grey, RIGHT), RIGHT))
    right = rows_through(shifted(shifted(grey, LEFT), LEFT))
    return paint(paint(paint_all(grid, YELLOW), left, RED), right, GREEN)
