"""One cell shows the colour of the area that has most dots."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, colour_of, count_holes_of, largest_by, pieces_by_edges, single_cell


def transform(grid: Grid) -> Grid:
    return single_cell(colour_of(largest_by(pieces_by_edges(grid), count_holes_of)))
