"""Missing parts are filled by the repeated tile."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, fill_by_period


def transform(grid: Grid) -> Grid:
    return fill_by_period(grid)
