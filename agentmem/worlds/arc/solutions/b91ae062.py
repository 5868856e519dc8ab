"""Each cell becomes a block whose side is the number of colours."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, count_colours, scale_up


def transform(grid: Grid) -> Grid:
    return scale_up(grid, count_colours(grid))
