"""The red cell is replaced by four colours at its corners."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    AZURE,
    DOWN_LEFT,
    DOWN_RIGHT,
    GREEN,
    MAGENTA,
    ORANGE,
    RED,
    UP_LEFT,
    UP_RIGHT,
    Grid,
    cells_of,
    paint,
    picture_of_mask,
    shifted,
)


def transform(grid: Grid) -> Grid:
    cell = cells_of(grid, RED)
    top = paint(picture_of_mask(shifted(cell, UP_LEFT), GREEN), shifted(cell, UP_RIGHT), MAGENTA)
    return paint(paint(top, shifted(cell, DOWN_LEFT), AZURE), shifted(cell, DOWN_RIGHT), ORANGE)
