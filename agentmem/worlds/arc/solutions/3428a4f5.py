"""Cells that are filled in just one of the halves are shown in green."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    GREEN,
    Grid,
    bottom_half,
    exactly_one,
    filled_cells,
    picture_of_mask,
    top_half,
)


def transform(grid: Grid) -> Grid:
    return picture_of_mask(exactly_one(filled_cells(top_half(grid)), filled_cells(bottom_half(grid))), GREEN)
