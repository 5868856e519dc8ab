"""The gaps in the box around the piece are filled with red."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import RED, Grid, boxes_of_pieces, paint_empty, pieces


def transform(grid: Grid) -> Grid:
    return paint_empty(grid, boxes_of_pieces(grid, pieces(grid)), RED)
