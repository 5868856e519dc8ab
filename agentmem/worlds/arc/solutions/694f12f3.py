"""The inside of the smaller rectangle becomes blue and that of the larger one red."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLUE,
    RED,
    Grid,
    all_largest_by,
    all_smallest_by,
    cells_of_pieces,
    interior,
    paint,
    pieces,
    size_of,
)


def transform(grid: Grid) -> Grid:
    boxes = pieces(grid)
    small = interior(cells_of_pieces(grid, all_smallest_by(boxes, size_of)))
    large = interior(cells_of_pieces(grid, all_largest_by(boxes, size_of)))
    return paint(paint(grid, small, BLUE), large, RED)
