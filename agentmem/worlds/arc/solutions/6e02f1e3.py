"""A line tells the number of colours: the top row, one diagonal or the other."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    GREY,
    ONE,
    THREE,
    TWO,
    Grid,
    above,
    choose,
    count_colours,
    diagonal_cells,
    flip_left_right,
    paint,
    paint_all,
    solid,
)


def transform(grid: Grid) -> Grid:
    blank = paint_all(grid, BLACK)
    diagonal = paint(blank, diagonal_cells(grid), GREY)
    many = choose(count_colours(grid) == TWO, diagonal, flip_left_right(diagonal))
    return choose(count_colours(grid) == ONE, above(solid(ONE, THREE, GREY), solid(TWO, THREE, BLACK)), many)
