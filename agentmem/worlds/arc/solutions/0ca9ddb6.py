"""Yellow corners stand around red cells and orange edges around blue ones."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLUE,
    ORANGE,
    RED,
    YELLOW,
    Grid,
    cells_of,
    diagonal_neighbours,
    neighbours,
    paint,
)


def transform(grid: Grid) -> Grid:
    scene = paint(grid, diagonal_neighbours(cells_of(grid, RED)), YELLOW)
    return paint(scene, neighbours(cells_of(grid, BLUE)), ORANGE)
