"""The panel with a yellow cell goes to the place that this cell has in it."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    FOUR,
    GREY,
    ONE,
    THREE,
    YELLOW,
    Grid,
    above,
    beside,
    cells_of,
    count_colour,
    first_columns,
    first_rows,
    grid_with_most,
    height_of_grid,
    keep_colour,
    overlay,
    paint_all,
    panels,
    pick_cells,
    place_copies,
    solid,
    width_of_grid,
)


def transform(grid: Grid) -> Grid:
    chosen = grid_with_most(panels(grid), lambda panel: count_colour(panel, YELLOW))
    spaced = above(beside(chosen, solid(THREE, ONE, BLACK)), solid(ONE, FOUR, BLACK))
    copy = place_copies(cells_of(chosen, YELLOW), spaced)
    shown = first_rows(first_columns(copy, width_of_grid(grid)), height_of_grid(grid))
    return overlay(keep_colour(grid, GREY), pick_cells(cells_of(grid, GREY), paint_all(grid, GREY), shown))
