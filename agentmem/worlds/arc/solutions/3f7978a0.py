"""The grey lines are cropped with their azure ends."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import DOWN, GREY, UP, Grid, cells_of, crop_to_mask, either, shifted


def transform(grid: Grid) -> Grid:
    grey = cells_of(grid, GREY)
    return crop_to_mask(grid, either(shifted(grey, UP), shifted(grey, DOWN)))
