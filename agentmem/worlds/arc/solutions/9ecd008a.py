"""The part that is missing from the symmetric picture is shown."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, all_but, crop_to_mask, fill_from, filled_cells, flip_left_right


def transform(grid: Grid) -> Grid:
    return crop_to_mask(fill_from(grid, flip_left_right), all_but(filled_cells(grid)))
