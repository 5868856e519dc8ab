"""The panels with most cells are filled and all others emptied."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    Grid,
    change_panels,
    count_filled,
    grid_with_most,
    main_colour,
    paint_all,
    panels,
)


def transform(grid: Grid) -> Grid:
    most = count_filled(grid_with_most(panels(grid), count_filled))
    fill = main_colour(grid_with_most(panels(grid), count_filled))
    return change_panels(grid, lambda panel: paint_all(panel, fill if count_filled(panel) == most else BLACK))
