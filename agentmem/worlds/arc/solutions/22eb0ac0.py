"""Cells of one colour at both ends of a row are joined."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, connect_in_rows


def transform(grid: Grid) -> Grid:
    return connect_in_rows(grid)
