"""The gap in each corner becomes blue."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import BLUE, Grid, boxes_of_pieces, paint_empty, pieces


def transform(grid: Grid) -> Grid:
    return paint_empty(grid, boxes_of_pieces(grid, pieces(grid)), BLUE)
