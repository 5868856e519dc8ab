"""Only blocks stay; single cells disappear."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import BLACK, Grid, blocks_of, filled_cells, paint_all, pick_cells


def transform(grid: Grid) -> Grid:
    return pick_cells(blocks_of(filled_cells(grid)), grid, paint_all(grid, BLACK))
