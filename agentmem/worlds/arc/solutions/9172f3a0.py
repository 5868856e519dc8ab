"""Each cell becomes a block of three by three."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import THREE, Grid, scale_up


def transform(grid: Grid) -> Grid:
    return scale_up(grid, THREE)
