"""Three by three cells at the top right are kept."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import THREE, Grid, first_rows, last_columns


def transform(grid: Grid) -> Grid:
    return last_columns(first_rows(grid, THREE), THREE)
