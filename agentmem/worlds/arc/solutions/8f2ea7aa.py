"""The small pattern becomes a large one that is made of copies of it."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, crop_to_content, filled_cells, place_copies


def transform(grid: Grid) -> Grid:
    pattern = crop_to_content(grid)
    return place_copies(filled_cells(pattern), pattern)
