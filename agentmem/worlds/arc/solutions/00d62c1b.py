"""What green lines enclose becomes yellow."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import YELLOW, Grid, enclosed_cells, paint


def transform(grid: Grid) -> Grid:
    return paint(grid, enclosed_cells(grid), YELLOW)
