"""Blue says that the grid mirrors itself, orange that it does not."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import BLUE, ONE, ORANGE, Grid, choose, flip_left_right, is_unchanged, solid


def transform(grid: Grid) -> Grid:
    return choose(is_unchanged(grid, flip_left_right), solid(ONE, ONE, BLUE), solid(ONE, ONE, ORANGE))
