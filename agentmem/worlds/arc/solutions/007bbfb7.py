"""A copy of the grid stands for each cell of it that is not black."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, filled_cells, place_copies


def transform(grid: Grid) -> Grid:
    return place_copies(filled_cells(grid), grid)
