"""Rows and columns that repeat the one before are left out."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, drop_repeated_rows, flip_main_diagonal


def transform(grid: Grid) -> Grid:
    return flip_main_diagonal(drop_repeated_rows(flip_main_diagonal(drop_repeated_rows(grid))))
