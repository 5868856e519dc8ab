"""Cells fall to the bottom."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import DOWN, Grid, drop_cells


def transform(grid: Grid) -> Grid:
    return drop_cells(grid, DOWN)
