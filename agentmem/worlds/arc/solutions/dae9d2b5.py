"""Cells that are filled in one of the halves or in both are shown in magenta."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    MAGENTA,
    Grid,
    either,
    filled_cells,
    left_half,
    picture_of_mask,
    right_half,
)


def transform(grid: Grid) -> Grid:
    return picture_of_mask(either(filled_cells(left_half(grid)), filled_cells(right_half(grid))), MAGENTA)
