"""Two cells of a colour are the corners of a box that is filled with it."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, change_boxes, main_colour, paint_all, pieces_by_colour


def transform(grid: Grid) -> Grid:
    return change_boxes(grid, pieces_by_colour(grid), lambda box: paint_all(box, main_colour(box)))
