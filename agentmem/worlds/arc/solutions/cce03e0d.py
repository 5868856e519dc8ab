"""A copy of the grid stands for each red cell of it."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import RED, Grid, cells_of, place_copies


def transform(grid: Grid) -> Grid:
    return place_copies(cells_of(grid, RED), grid)
