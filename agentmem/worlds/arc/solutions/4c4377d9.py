"""A mirror image is put on top of the grid."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, above, flip_top_bottom


def transform(grid: Grid) -> Grid:
    return above(flip_top_bottom(grid), grid)
