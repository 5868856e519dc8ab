"""The colours of the pieces are listed from the largest to the smallest."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, colours_by_count, column_of_colours


def transform(grid: Grid) -> Grid:
    return column_of_colours(colours_by_count(grid))
