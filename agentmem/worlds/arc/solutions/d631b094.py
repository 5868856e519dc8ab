"""Each coloured cell is listed in a row."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import ONE, Grid, count_filled, main_colour, solid


def transform(grid: Grid) -> Grid:
    return solid(ONE, count_filled(grid), main_colour(grid))
