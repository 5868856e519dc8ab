"""A pattern is copied into each grey rectangle."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    GREY,
    ONE,
    Grid,
    clusters,
    count_colours_of,
    first_piece,
    picture_of,
    pieces_above,
    pieces_of_colour,
    place_at_pieces,
)


def transform(grid: Grid) -> Grid:
    pattern = first_piece(pieces_above(clusters(grid), count_colours_of, ONE))
    return place_at_pieces(grid, pieces_of_colour(clusters(grid), GREY), picture_of(pattern))
