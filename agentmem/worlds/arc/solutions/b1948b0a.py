"""Magenta becomes red."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import MAGENTA, RED, Grid, recolour


def transform(grid: Grid) -> Grid:
    return recolour(grid, MAGENTA, RED)
