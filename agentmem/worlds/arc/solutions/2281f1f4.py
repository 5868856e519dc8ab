"""Red marks where columns of the marks above and rows of the marks at the right cross."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import DOWN, GREY, LEFT, RED, Grid, both, cells_ahead, cells_of, paint_empty


def transform(grid: Grid) -> Grid:
    marks = cells_of(grid, GREY)
    return paint_empty(grid, both(cells_ahead(marks, DOWN), cells_ahead(marks, LEFT)), RED)
