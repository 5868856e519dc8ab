"""The colour that is not grey moves to where grey was, and its own cells turn black."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import BLACK, GREY, Grid, cells_of, main_colour, picture_of_mask, recolour


def transform(grid: Grid) -> Grid:
    return picture_of_mask(cells_of(grid, GREY), main_colour(recolour(grid, GREY, BLACK)))
