"""Cells that are empty left and right of the line are shown in green."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import GREEN, Grid, filled_cells, left_half, neither, picture_of_mask, right_half


def transform(grid: Grid) -> Grid:
    return picture_of_mask(neither(filled_cells(left_half(grid)), filled_cells(right_half(grid))), GREEN)
