"""Lines go to the right, grey in every second cell."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    GREY,
    RIGHT,
    Grid,
    both,
    cells_ahead,
    every_second_column,
    exactly_one,
    filled_cells,
    paint,
    rows_through,
    trail,
)


def transform(grid: Grid) -> Grid:
    seconds = every_second_column(grid)
    odd = exactly_one(seconds, rows_through(both(filled_cells(grid), seconds)))
    return paint(trail(grid, RIGHT), both(cells_ahead(filled_cells(grid), RIGHT), odd), GREY)
