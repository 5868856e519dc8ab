"""Each cell draws a diagonal line down to the right on a grid of twice the size."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import BLACK, DOWN_RIGHT, Grid, above, beside, paint_all, trail


def transform(grid: Grid) -> Grid:
    wide = beside(grid, paint_all(grid, BLACK))
    return trail(above(wide, paint_all(wide, BLACK)), DOWN_RIGHT)
