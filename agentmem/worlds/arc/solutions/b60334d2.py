"""Each grey cell becomes a ring of grey corners and blue edges."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLUE,
    GREY,
    Grid,
    cells_of,
    diagonal_neighbours,
    neighbours,
    paint,
    picture_of_mask,
)


def transform(grid: Grid) -> Grid:
    cells = cells_of(grid, GREY)
    ring = picture_of_mask(diagonal_neighbours(cells), GREY)
    return paint(ring, neighbours(cells), BLUE)
