"""Top and bottom change places."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, flip_top_bottom


def transform(grid: Grid) -> Grid:
    return flip_top_bottom(grid)
