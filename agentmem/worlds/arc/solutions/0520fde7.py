"""Cells that are filled in both halves are shown in red."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import RED, Grid, both, filled_cells, left_half, picture_of_mask, right_half


def transform(grid: Grid) -> Grid:
    return picture_of_mask(both(filled_cells(left_half(grid)), filled_cells(right_half(grid))), RED)
