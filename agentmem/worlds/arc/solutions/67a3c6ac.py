"""Left and right change places."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, flip_left_right


def transform(grid: Grid) -> Grid:
    return flip_left_right(grid)
