"""Blue floods the black cells that it reaches."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import BLUE, Grid, cells_of, neighbours, paint_empty, until_stable


def transform(grid: Grid) -> Grid:
    return until_stable(grid, lambda scene: paint_empty(scene, neighbours(cells_of(scene, BLUE)), BLUE))
