"""A copy of the pattern is put in place of the grey cell."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    GREY,
    ONE,
    UP_LEFT,
    Grid,
    clusters,
    erase_pieces,
    first_piece,
    map_pieces,
    move_piece,
    picture_of,
    pieces,
    pieces_of_colour,
    place_at_pieces,
    recolour,
)


def transform(grid: Grid) -> Grid:
    marks = pieces_of_colour(pieces(grid), GREY)
    pattern = first_piece(clusters(recolour(grid, GREY, BLACK)))
    places = map_pieces(marks, lambda mark: move_piece(mark, UP_LEFT, ONE))
    return place_at_pieces(erase_pieces(grid, marks), places, picture_of(pattern))
