"""Blue cells in the box of the azure ones become green."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import AZURE, BLUE, GREEN, Grid, both, box_of, cells_of, paint


def transform(grid: Grid) -> Grid:
    box = box_of(cells_of(grid, AZURE))
    return paint(grid, both(cells_of(grid, BLUE), box), GREEN)
