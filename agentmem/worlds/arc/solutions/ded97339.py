"""Azure cells in a row or column are joined by azure lines."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, connect_colours


def transform(grid: Grid) -> Grid:
    return connect_colours(grid)
