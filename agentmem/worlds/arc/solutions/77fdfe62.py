"""The pattern inside takes the colours of the four corners, each in its quarter."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    ONE,
    Grid,
    above,
    beside,
    filled_cells,
    first_columns,
    first_rows,
    height_of_grid,
    last_columns,
    last_rows,
    pick_cells,
    scale_up,
    top_half,
    trim,
)


def transform(grid: Grid) -> Grid:
    inside = trim(trim(grid))
    ends = above(first_rows(grid, ONE), last_rows(grid, ONE))
    corners = beside(first_columns(ends, ONE), last_columns(ends, ONE))
    colours = scale_up(corners, height_of_grid(top_half(inside)))
    return pick_cells(filled_cells(inside), colours, inside)
