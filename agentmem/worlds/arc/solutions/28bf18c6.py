"""The piece is shown twice, side by side."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, as_it_is, crop_to_content, extend_right


def transform(grid: Grid) -> Grid:
    return extend_right(crop_to_content(grid), as_it_is)
