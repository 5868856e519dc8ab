"""The pattern is repeated up and down."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    ONE,
    SIX,
    Grid,
    above,
    crop_to_mask,
    filled_cells,
    first_piece,
    first_rows,
    height_of_grid,
    last_rows,
    pieces_of_mask,
    rows_through,
    tile,
    top_of,
)


def transform(grid: Grid) -> Grid:
    pattern = crop_to_mask(grid, rows_through(filled_cells(grid)))
    top = top_of(first_piece(pieces_of_mask(grid, rows_through(filled_cells(grid)))))
    stack = tile(pattern, SIX, ONE)
    return above(last_rows(stack, top), first_rows(stack, height_of_grid(grid) - top))
