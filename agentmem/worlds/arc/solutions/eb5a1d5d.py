"""Each nested area becomes one cell wide."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, drop_repeated_rows, flip_main_diagonal


def transform(grid: Grid) -> Grid:
    return flip_main_diagonal(drop_repeated_rows(flip_main_diagonal(drop_repeated_rows(grid))))
