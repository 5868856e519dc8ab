"""Everything moves down by one cell."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import DOWN, ONE, Grid, shift


def transform(grid: Grid) -> Grid:
    return shift(grid, DOWN, ONE)
