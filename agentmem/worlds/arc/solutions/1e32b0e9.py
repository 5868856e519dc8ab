"""The pattern of the first panel is completed in each, in the colour of the lines."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    Grid,
    change_panels,
    first_grid,
    main_colour,
    overlay,
    paint_filled,
    panels,
)


def transform(grid: Grid) -> Grid:
    pattern = paint_filled(first_grid(panels(grid)), main_colour(grid))
    return change_panels(grid, lambda panel: overlay(pattern, panel))
