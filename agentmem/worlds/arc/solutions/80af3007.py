"""The large pattern becomes a small one that is made of copies of it."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import THREE, Grid, crop_to_content, filled_cells, place_copies, scale_down


def transform(grid: Grid) -> Grid:
    pattern = scale_down(crop_to_content(grid), THREE)
    return place_copies(filled_cells(pattern), pattern)
