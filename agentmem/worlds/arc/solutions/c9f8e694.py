"""Grey cells take the colour that the left column has in their row."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import GREY, ONE, Grid, cells_of, first_columns, pick_cells, tile, width_of_grid


def transform(grid: Grid) -> Grid:
    stripes = tile(first_columns(grid, ONE), ONE, width_of_grid(grid))
    return pick_cells(cells_of(grid, GREY), stripes, grid)
