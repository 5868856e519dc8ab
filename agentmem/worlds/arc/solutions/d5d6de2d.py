"""What red enclosed becomes green and all else black."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import GREEN, Grid, enclosed_cells, picture_of_mask


def transform(grid: Grid) -> Grid:
    return picture_of_mask(enclosed_cells(grid), GREEN)
