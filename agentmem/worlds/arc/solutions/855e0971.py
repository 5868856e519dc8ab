"""Each black dot becomes a line across its band."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    Grid,
    cells_of,
    change_boxes,
    columns_through,
    first_piece,
    paint,
    pieces_by_colour,
    rows_through,
    width_of,
    width_of_grid,
)


def transform(grid: Grid) -> Grid:
    bands = pieces_by_colour(grid)
    lying = width_of(first_piece(bands)) == width_of_grid(grid)
    through = columns_through if lying else rows_through
    return change_boxes(grid, bands, lambda band: paint(band, through(cells_of(band, BLACK)), BLACK))
