"""Green surrounds each magenta ring and yellow fills it."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    AZURE,
    BLACK,
    GREEN,
    MAGENTA,
    YELLOW,
    Grid,
    cells_of,
    enclosed_cells,
    paint,
    recolour,
    ring_around,
)


def transform(grid: Grid) -> Grid:
    rings = cells_of(grid, MAGENTA)
    inside = enclosed_cells(recolour(grid, AZURE, BLACK))
    return paint(paint(grid, ring_around(rings), GREEN), inside, YELLOW)
