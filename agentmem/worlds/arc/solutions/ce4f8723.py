"""Cells that are filled in one of the halves or in both are shown in green."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import GREEN, Grid, bottom_half, either, filled_cells, picture_of_mask, top_half


def transform(grid: Grid) -> Grid:
    return picture_of_mask(either(filled_cells(top_half(grid)), filled_cells(bottom_half(grid))), GREEN)
