"""Each cell gets a ring whose colour goes with its own."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    AZURE,
    BLUE,
    GREEN,
    MAGENTA,
    RED,
    YELLOW,
    Grid,
    cells_of,
    paint,
    ring_around,
)


def transform(grid: Grid) -> Grid:
    scene = paint(grid, ring_around(cells_of(grid, GREEN)), MAGENTA)
    scene = paint(scene, ring_around(cells_of(grid, AZURE)), YELLOW)
    return paint(scene, ring_around(cells_of(grid, RED)), BLUE)
