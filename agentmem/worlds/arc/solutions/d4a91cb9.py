"""A yellow line with one corner leads from the azure to the red cell."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    AZURE,
    RED,
    YELLOW,
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
    red, azure = cells_of(grid, RED), cells_of(grid, AZURE)
    corner = both(rows_through(red), columns_through(azure))
    return paint_empty(grid, cells_between(either(either(red, azure), corner)), YELLOW)
