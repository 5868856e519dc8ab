"""The grid is mirrored to the right, and all of that down."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, extend_down, extend_right, flip_left_right, flip_top_bottom


def transform(grid: Grid) -> Grid:
    return extend_down(extend_right(grid, flip_left_right), flip_top_bottom)
