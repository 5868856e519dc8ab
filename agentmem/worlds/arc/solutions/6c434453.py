"""Small blue rings become red crosses."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    RED,
    THREE,
    Grid,
    boxes_of_pieces,
    either,
    erase_pieces,
    has_hole,
    height_of,
    interior,
    keep_pieces,
    neighbours,
    paint,
    pieces_by_edges,
    pieces_with,
)


def transform(grid: Grid) -> Grid:
    rings = pieces_with(keep_pieces(pieces_by_edges(grid), has_hole), height_of, THREE)
    middle = interior(boxes_of_pieces(grid, rings))
    return paint(erase_pieces(grid, rings), either(middle, neighbours(middle)), RED)
