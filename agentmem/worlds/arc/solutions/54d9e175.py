"""Each panel is filled with the partner of the colour in it."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import FIVE, Grid, change_panels, main_colour, paint_all


def transform(grid: Grid) -> Grid:
    return change_panels(grid, lambda panel: paint_all(panel, main_colour(panel) + FIVE))
