"""The cell moves down, and yellow fills every second column above it."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    DOWN,
    ONE,
    UP,
    YELLOW,
    Grid,
    all_but,
    both,
    cells_ahead,
    columns_through,
    every_second_column,
    exactly_one,
    filled_cells,
    paint,
    rows_through,
    shift,
)


def transform(grid: Grid) -> Grid:
    moved = shift(grid, DOWN, ONE)
    seconds = every_second_column(grid)
    stripes = exactly_one(all_but(seconds), columns_through(rows_through(both(filled_cells(grid), seconds))))
    over = cells_ahead(rows_through(filled_cells(moved)), UP)
    return paint(moved, both(over, stripes), YELLOW)
