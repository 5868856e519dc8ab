"""The only cell of its colour stays, in a red ring."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import RED, Grid, cells_of, keep_colour, paint, rarest_colour, ring_around


def transform(grid: Grid) -> Grid:
    only = rarest_colour(grid)
    return paint(keep_colour(grid, only), ring_around(cells_of(grid, only)), RED)
