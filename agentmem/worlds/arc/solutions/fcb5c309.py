"""The frame that holds most dots is shown in their colour."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    Grid,
    box_around,
    colour_of,
    count_colour,
    first_piece,
    has_hole,
    is_single_cell,
    keep_pieces,
    largest_by,
    paint_filled,
    pieces,
    pieces_by_edges,
)


def transform(grid: Grid) -> Grid:
    dots = colour_of(first_piece(keep_pieces(pieces(grid), is_single_cell)))
    frames = keep_pieces(pieces_by_edges(grid), has_hole)
    frame = largest_by(frames, lambda piece: count_colour(box_around(grid, piece), dots))
    return paint_filled(box_around(grid, frame), dots)
