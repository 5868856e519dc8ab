"""Blue says that the grid mirrors itself, orange that it does not."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import BLUE, ORANGE, Grid, choose, flip_left_right, is_unchanged, single_cell


def transform(grid: Grid) -> Grid:
    return choose(is_unchanged(grid, flip_left_right), single_cell(BLUE), single_cell(ORANGE))
