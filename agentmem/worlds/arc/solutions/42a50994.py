"""Single cells disappear."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, drop_pieces, is_single_cell, only_pieces, pieces


def transform(grid: Grid) -> Grid:
    return only_pieces(grid, drop_pieces(pieces(grid), is_single_cell))
