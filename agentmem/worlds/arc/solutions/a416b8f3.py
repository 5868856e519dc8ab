"""The grid is put beside itself."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, beside


def transform(grid: Grid) -> Grid:
    return beside(grid, grid)
