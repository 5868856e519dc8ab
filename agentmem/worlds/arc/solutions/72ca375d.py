"""The piece that is symmetric is kept."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, first_piece, is_mirrored_left_right, keep_pieces, picture_of, pieces


def transform(grid: Grid) -> Grid:
    return picture_of(first_piece(keep_pieces(pieces(grid), is_mirrored_left_right)))
