"""The square frame of the rarest colour is cropped."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, crop_to_colour, rarest_colour


def transform(grid: Grid) -> Grid:
    return crop_to_colour(grid, rarest_colour(grid))
