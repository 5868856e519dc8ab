"""Each block becomes one cell."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, along_columns, crop_to_content, drop_repeated_rows


def transform(grid: Grid) -> Grid:
    blocks = crop_to_content(grid)
    return along_columns(drop_repeated_rows(blocks), drop_repeated_rows)
