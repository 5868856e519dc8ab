"""Each cell draws a diagonal line up to the right on a grid that grows with the number of cells."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    FIVE,
    ONE,
    UP_RIGHT,
    Grid,
    beside,
    count_filled,
    first_columns,
    first_rows,
    replace_last_rows,
    solid,
    trail,
)


def transform(grid: Grid) -> Grid:
    side = count_filled(grid) * FIVE
    blank = solid(side, side, BLACK)
    row = first_columns(beside(grid, first_rows(blank, ONE)), side)
    return trail(replace_last_rows(blank, row), UP_RIGHT)
