"""Each cell becomes a block of two by two."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import TWO, Grid, scale_up


def transform(grid: Grid) -> Grid:
    return scale_up(grid, TWO)
