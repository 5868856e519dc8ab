"""Cells of one colour are joined along rows and columns."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, connect_colours


def transform(grid: Grid) -> Grid:
    return connect_colours(grid)
