"""Cells of one colour on a diagonal are joined."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, connect_diagonally


def transform(grid: Grid) -> Grid:
    return connect_diagonally(grid)
