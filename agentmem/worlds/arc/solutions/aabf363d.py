"""The piece takes the colour of the single cell in the corner, which goes."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    Grid,
    corner_colour,
    drop_pieces,
    flip_top_bottom,
    is_single_cell,
    only_pieces,
    paint_filled,
    pieces,
)


def transform(grid: Grid) -> Grid:
    piece = only_pieces(grid, drop_pieces(pieces(grid), is_single_cell))
    return paint_filled(piece, corner_colour(flip_top_bottom(grid)))
