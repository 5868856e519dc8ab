"""Red, azure, orange and magenta cells stand around each blue cell."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    AZURE,
    BLUE,
    DOWN,
    LEFT,
    MAGENTA,
    ORANGE,
    RED,
    RIGHT,
    UP,
    Grid,
    cells_of,
    paint_empty,
    shifted,
)


def transform(grid: Grid) -> Grid:
    blue = cells_of(grid, BLUE)
    scene = paint_empty(paint_empty(grid, shifted(blue, UP), RED), shifted(blue, DOWN), AZURE)
    return paint_empty(paint_empty(scene, shifted(blue, LEFT), ORANGE), shifted(blue, RIGHT), MAGENTA)
