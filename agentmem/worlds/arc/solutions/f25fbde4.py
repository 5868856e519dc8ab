"""The piece is shown at twice its size."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import TWO, Grid, crop_to_content, scale_up


def transform(grid: Grid) -> Grid:
    return scale_up(crop_to_content(grid), TWO)
