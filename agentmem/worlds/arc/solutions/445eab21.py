"""The colour of the largest piece is shown in two by two cells."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import TWO, Grid, colour_of, largest_by, pieces, size_of, solid


def transform(grid: Grid) -> Grid:
    return solid(TWO, TWO, colour_of(largest_by(pieces(grid), size_of)))
