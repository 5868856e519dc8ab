"""Each block becomes one cell."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, crop_to_content, drop_repeated_rows, flip_main_diagonal


def transform(grid: Grid) -> Grid:
    blocks = crop_to_content(grid)
    return flip_main_diagonal(drop_repeated_rows(flip_main_diagonal(drop_repeated_rows(blocks))))
