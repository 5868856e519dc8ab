"""A pattern goes into each azure piece, and is gone itself."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    AZURE,
    BLACK,
    Grid,
    clusters,
    first_piece,
    paint_all,
    picture_of,
    pieces,
    pieces_of_colour,
    place_at_pieces,
    recolour,
)


def transform(grid: Grid) -> Grid:
    pattern = first_piece(clusters(recolour(grid, AZURE, BLACK)))
    places = pieces_of_colour(pieces(grid), AZURE)
    return place_at_pieces(paint_all(grid, BLACK), places, picture_of(pattern))
