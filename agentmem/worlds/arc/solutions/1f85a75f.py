"""The largest piece is kept."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, largest_by, picture_of, pieces, size_of


def transform(grid: Grid) -> Grid:
    return picture_of(largest_by(pieces(grid), size_of))
