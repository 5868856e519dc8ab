"""One cell shows the colour of the piece that has a hole."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, colour_of, first_piece, has_hole, keep_pieces, pieces, single_cell


def transform(grid: Grid) -> Grid:
    return single_cell(colour_of(first_piece(keep_pieces(pieces(grid), has_hole))))
