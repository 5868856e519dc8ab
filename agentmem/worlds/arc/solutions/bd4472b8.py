"""The colours of the top row are listed below, each as a whole row, twice."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import ONE, TWO, Grid, above, first_rows, flip_main_diagonal, tile, width_of_grid


def transform(grid: Grid) -> Grid:
    top = first_rows(grid, ONE)
    rows = tile(flip_main_diagonal(top), ONE, width_of_grid(grid))
    return above(first_rows(grid, TWO), tile(rows, TWO, ONE))
