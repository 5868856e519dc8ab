"""The part that is missing from the repeated tile is shown."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, all_but, crop_to_mask, fill_by_period, filled_cells


def transform(grid: Grid) -> Grid:
    return crop_to_mask(fill_by_period(grid), all_but(filled_cells(grid)))
