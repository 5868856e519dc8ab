"""Each colour of one square becomes a copy of the other square's form."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    Grid,
    count_colours,
    filled_cells,
    grid_with_fewest,
    grid_with_most,
    height_of_grid,
    paint_all,
    pick_cells,
    scale_up,
    square_panels,
    tile,
)


def transform(grid: Grid) -> Grid:
    form = grid_with_fewest(square_panels(grid), count_colours)
    side = height_of_grid(form)
    colours = scale_up(grid_with_most(square_panels(grid), count_colours), side)
    return pick_cells(filled_cells(tile(form, side, side)), colours, paint_all(colours, BLACK))
