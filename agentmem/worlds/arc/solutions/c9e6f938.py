"""A mirror image is put to the right of the grid."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, extend_right, flip_left_right


def transform(grid: Grid) -> Grid:
    return extend_right(grid, flip_left_right)
