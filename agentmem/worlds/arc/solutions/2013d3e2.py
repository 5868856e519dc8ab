"""The upper left quarter of the symmetric pattern is kept."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, crop_to_content, left_half, top_half


def transform(grid: Grid) -> Grid:
    return left_half(top_half(crop_to_content(grid)))
