"""The corners of the grid are laid over each other."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import THREE, Grid, first_columns, first_rows, last_columns, last_rows, overlay


def transform(grid: Grid) -> Grid:
    folded = overlay(first_rows(grid, THREE), last_rows(grid, THREE))
    return overlay(first_columns(folded, THREE), last_columns(folded, THREE))
