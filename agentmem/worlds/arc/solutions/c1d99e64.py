"""Black lines from edge to edge become red."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import RED, Grid, either, paint_empty, uniform_columns, uniform_rows


def transform(grid: Grid) -> Grid:
    return paint_empty(grid, either(uniform_rows(grid), uniform_columns(grid)), RED)
