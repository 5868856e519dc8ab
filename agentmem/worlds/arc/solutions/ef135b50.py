"""The gaps between red rectangles in a row are filled with maroon, but not at the edge."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    MAROON,
    RED,
    Grid,
    all_but,
    both,
    cells_of,
    edge_cells,
    paint_empty,
    row_cells_between,
)


def transform(grid: Grid) -> Grid:
    gaps = both(row_cells_between(cells_of(grid, RED)), all_but(edge_cells(grid)))
    return paint_empty(grid, gaps, MAROON)
