"""A green ring surrounds each piece of two red cells."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    GREEN,
    TWO,
    Grid,
    cells_of_pieces,
    paint_empty,
    pieces_by_edges,
    pieces_with,
    ring_around,
    size_of,
)


def transform(grid: Grid) -> Grid:
    pairs = cells_of_pieces(grid, pieces_with(pieces_by_edges(grid), size_of, TWO))
    return paint_empty(grid, ring_around(pairs), GREEN)
