"""Every second column's cells become green, counted from the right."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    GREEN,
    Grid,
    all_but,
    both,
    every_second_column,
    filled_cells,
    flip_left_right,
    paint,
)


def transform(grid: Grid) -> Grid:
    flipped = flip_left_right(grid)
    columns = all_but(every_second_column(grid))
    return flip_left_right(paint(flipped, both(filled_cells(flipped), columns), GREEN))
