"""The inside of each grey rectangle becomes red."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import GREY, RED, Grid, cells_of, interior, paint


def transform(grid: Grid) -> Grid:
    return paint(grid, interior(cells_of(grid, GREY)), RED)
