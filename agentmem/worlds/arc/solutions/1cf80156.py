"""The piece is cropped."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, crop_to_content


def transform(grid: Grid) -> Grid:
    return crop_to_content(grid)
