"""The blue rectangle with most red cells is kept."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import RED, Grid, clusters, count_colour, grid_with_most, pictures


def transform(grid: Grid) -> Grid:
    return grid_with_most(pictures(clusters(grid)), lambda part: count_colour(part, RED))
