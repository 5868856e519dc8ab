"""Each nested area becomes one cell wide."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, along_columns, drop_repeated_rows


def transform(grid: Grid) -> Grid:
    return along_columns(drop_repeated_rows(grid), drop_repeated_rows)
