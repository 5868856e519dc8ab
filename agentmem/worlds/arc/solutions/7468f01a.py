"""The box is cropped and mirrored."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, crop_to_content, flip_left_right


def transform(grid: Grid) -> Grid:
    return flip_left_right(crop_to_content(grid))
