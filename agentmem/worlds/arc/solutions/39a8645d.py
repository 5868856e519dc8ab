"""The piece that is there most often is shown."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, most_repeated_grid, pictures, pieces


def transform(grid: Grid) -> Grid:
    return most_repeated_grid(pictures(pieces(grid)))
