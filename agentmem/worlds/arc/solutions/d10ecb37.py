"""The two by two tile at the top left is kept."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import TWO, Grid, first_columns, first_rows


def transform(grid: Grid) -> Grid:
    return first_rows(first_columns(grid, TWO), TWO)
