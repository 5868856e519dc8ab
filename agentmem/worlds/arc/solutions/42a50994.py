"""Single cells disappear."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, erase_pieces, is_single_cell, keep_pieces, pieces


def transform(grid: Grid) -> Grid:
    return erase_pieces(grid, keep_pieces(pieces(grid), is_single_cell))
