"""The grid is folded at its middle line."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, flip_left_right, left_half, overlay, right_half


def transform(grid: Grid) -> Grid:
    return overlay(left_half(grid), flip_left_right(right_half(grid)))
