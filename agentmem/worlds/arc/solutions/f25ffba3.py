"""The lower half is mirrored into the upper half."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, fill_from, flip_top_bottom


def transform(grid: Grid) -> Grid:
    return fill_from(grid, flip_top_bottom)
