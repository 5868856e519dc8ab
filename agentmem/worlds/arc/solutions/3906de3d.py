"""Red bars rise into the gaps."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import UP, Grid, drop_cells


def transform(grid: Grid) -> Grid:
    return drop_cells(grid, UP)
