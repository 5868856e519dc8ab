"""The two rows change places in every second column."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, every_second_column, flip_top_bottom, pick_cells


def transform(grid: Grid) -> Grid:
    return pick_cells(every_second_column(grid), flip_top_bottom(grid), grid)
