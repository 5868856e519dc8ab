"""The smallest rectangle is kept."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, picture_of, pieces, size_of, smallest_by


def transform(grid: Grid) -> Grid:
    return picture_of(smallest_by(pieces(grid), size_of))
