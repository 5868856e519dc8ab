"""The grid is mirrored at its grey diagonal."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, flip_main_diagonal


def transform(grid: Grid) -> Grid:
    return flip_main_diagonal(grid)
