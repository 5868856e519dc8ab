"""One cell shows the colour of the area that has most dots."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import ONE, Grid, colour_of, count_holes_of, largest_by, pieces_by_edges, solid


def transform(grid: Grid) -> Grid:
    return solid(ONE, ONE, colour_of(largest_by(pieces_by_edges(grid), count_holes_of)))
