"""A copy of the grid stands for each cell of its most common colour."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, cells_of, most_common_colour, place_copies


def transform(grid: Grid) -> Grid:
    return place_copies(cells_of(grid, most_common_colour(grid)), grid)
