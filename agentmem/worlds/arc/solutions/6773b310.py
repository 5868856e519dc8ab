"""Panels with two cells become blue cells, the others black ones."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import BLACK, BLUE, TWO, Grid, count_filled, panels_to_cells


def transform(grid: Grid) -> Grid:
    return panels_to_cells(grid, lambda panel: BLUE if count_filled(panel) == TWO else BLACK)
