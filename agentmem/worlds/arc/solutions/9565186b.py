"""All but the most common colour becomes grey."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import GREY, Grid, all_but, cells_of, most_common_colour, paint


def transform(grid: Grid) -> Grid:
    return paint(grid, all_but(cells_of(grid, most_common_colour(grid))), GREY)
