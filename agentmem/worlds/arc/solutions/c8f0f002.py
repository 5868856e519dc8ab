"""Orange becomes grey."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import GREY, ORANGE, Grid, recolour


def transform(grid: Grid) -> Grid:
    return recolour(grid, ORANGE, GREY)
