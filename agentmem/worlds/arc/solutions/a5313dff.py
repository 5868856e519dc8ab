"""What red lines enclose becomes blue."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import BLUE, Grid, enclosed_cells, paint


def transform(grid: Grid) -> Grid:
    return paint(grid, enclosed_cells(grid), BLUE)
