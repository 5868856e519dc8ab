"""The grid is mirrored to the left, and that up and down."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, above, beside, extend_down, flip_left_right, flip_top_bottom


def transform(grid: Grid) -> Grid:
    mirrored = beside(flip_left_right(grid), grid)
    return above(flip_top_bottom(mirrored), extend_down(mirrored, flip_top_bottom))
