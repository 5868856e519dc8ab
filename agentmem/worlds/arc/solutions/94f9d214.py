"""Cells that are empty in both halves are shown in red."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import RED, Grid, bottom_half, filled_cells, neither, picture_of_mask, top_half


def transform(grid: Grid) -> Grid:
    return picture_of_mask(neither(filled_cells(top_half(grid)), filled_cells(bottom_half(grid))), RED)
