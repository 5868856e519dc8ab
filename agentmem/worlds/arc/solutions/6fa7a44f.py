"""A mirror image is put below the grid."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, extend_down, flip_top_bottom


def transform(grid: Grid) -> Grid:
    return extend_down(grid, flip_top_bottom)
