"""The cell that others surround on all sides is shown."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, crop_to_mask, filled_cells, interior


def transform(grid: Grid) -> Grid:
    return crop_to_mask(grid, interior(filled_cells(grid)))
