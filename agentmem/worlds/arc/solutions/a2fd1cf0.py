"""An azure line with one corner leads from the red to the green cell."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    AZURE,
    GREEN,
    RED,
    Grid,
    both,
    cells_between,
    cells_of,
    columns_through,
    either,
    paint_empty,
    rows_through,
)


def transform(grid: Grid) -> Grid:
    red, green = cells_of(grid, RED), cells_of(grid, GREEN)
    corner = both(rows_through(red), columns_through(green))
    return paint_empty(grid, cells_between(either(either(red, green), corner)), AZURE)
