"""Magenta lines cross in the middle of each frame and go behind what is there."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    AZURE,
    BLUE,
    MAGENTA,
    Grid,
    both,
    boxes_of_pieces,
    cells_of,
    crosses_through,
    interior,
    paint,
    pieces,
    pieces_of_colour,
)


def transform(grid: Grid) -> Grid:
    frames = pieces_of_colour(pieces(grid), BLUE)
    middle = interior(interior(boxes_of_pieces(grid, frames)))
    return paint(grid, both(crosses_through(middle), cells_of(grid, AZURE)), MAGENTA)
