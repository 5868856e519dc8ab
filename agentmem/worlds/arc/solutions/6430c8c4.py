"""Cells that are empty above and below the line are shown in green."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import GREEN, Grid, bottom_half, filled_cells, neither, picture_of_mask, top_half


def transform(grid: Grid) -> Grid:
    return picture_of_mask(neither(filled_cells(top_half(grid)), filled_cells(bottom_half(grid))), GREEN)
