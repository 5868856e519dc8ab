"""Missing parts are filled by the symmetry of the picture."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import BLACK, YELLOW, Grid, fill_from, flip_left_right, flip_top_bottom, recolour


def transform(grid: Grid) -> Grid:
    no_yellow = recolour(grid, YELLOW, BLACK)
    return fill_from(fill_from(no_yellow, flip_left_right), flip_top_bottom)
