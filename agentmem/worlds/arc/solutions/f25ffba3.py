"""The lower half is mirrored into the upper half."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, above, bottom_half, flip_top_bottom


def transform(grid: Grid) -> Grid:
    return above(flip_top_bottom(bottom_half(grid)), bottom_half(grid))
