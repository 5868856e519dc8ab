"""The square frame of the rarest colour is cropped."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, cells_of, crop_to_mask, rarest_colour


def transform(grid: Grid) -> Grid:
    return crop_to_mask(grid, cells_of(grid, rarest_colour(grid)))
