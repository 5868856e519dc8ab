"""All cells take the most common colour."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, most_common_colour, paint_all


def transform(grid: Grid) -> Grid:
    return paint_all(grid, most_common_colour(grid))
