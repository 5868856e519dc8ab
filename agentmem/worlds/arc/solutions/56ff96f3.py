"""Two cells of a colour are the corners of a box that is filled with it."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, filled_box, map_pieces, paint_pieces, pieces_by_colour


def transform(grid: Grid) -> Grid:
    return paint_pieces(grid, map_pieces(pieces_by_colour(grid), filled_box))
