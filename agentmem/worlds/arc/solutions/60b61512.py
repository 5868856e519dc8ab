"""The gaps in the box around each piece are filled with orange."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import ORANGE, Grid, boxes_of_pieces, paint_empty, pieces


def transform(grid: Grid) -> Grid:
    found = pieces(grid)
    return paint_empty(grid, boxes_of_pieces(grid, found), ORANGE)
