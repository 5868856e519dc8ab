"""The lines are listed in their order, as a square."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    GREY,
    ONE,
    Grid,
    choose,
    colours_of_pieces,
    column_of_colours,
    count_pieces,
    first_piece,
    flip_main_diagonal,
    height_of,
    left_of,
    pieces_by_colour,
    recolour,
    sort_pieces,
    tile,
    top_of,
    width_of,
)


def transform(grid: Grid) -> Grid:
    lines = pieces_by_colour(recolour(grid, GREY, BLACK))
    lying = width_of(first_piece(lines)) > height_of(first_piece(lines))
    column = column_of_colours(colours_of_pieces(sort_pieces(lines, top_of if lying else left_of)))
    square = tile(column, ONE, count_pieces(lines))
    return choose(lying, square, flip_main_diagonal(square))
