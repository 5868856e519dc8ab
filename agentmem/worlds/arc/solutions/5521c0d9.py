"""Each rectangle moves up by its own height."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import UP, Grid, height_of, map_pieces, move_piece, only_pieces, pieces


def transform(grid: Grid) -> Grid:
    moved = map_pieces(pieces(grid), lambda piece: move_piece(piece, UP, height_of(piece)))
    return only_pieces(grid, moved)
