"""What four corners frame is cropped and takes their colour."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, crop_to_colour, paint_filled, rarest_colour, trim


def transform(grid: Grid) -> Grid:
    inside = trim(crop_to_colour(grid, rarest_colour(grid)))
    return paint_filled(inside, rarest_colour(grid))
