"""Every second cell in the middle row of each bar goes."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    Grid,
    both,
    change_boxes,
    every_second_column,
    filled_cells,
    interior,
    paint,
    pieces,
)


def transform(grid: Grid) -> Grid:
    def thinned(bar: Grid) -> Grid:
        return paint(bar, both(every_second_column(bar), interior(filled_cells(bar))), BLACK)

    return change_boxes(grid, pieces(grid), thinned)
