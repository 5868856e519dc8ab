"""Each cell runs down to the bottom or to the next one."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import DOWN, Grid, trail


def transform(grid: Grid) -> Grid:
    return trail(grid, DOWN)
