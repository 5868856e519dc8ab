"""A bar shows how many blue blocks of two by two there are."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    BLUE,
    FIVE,
    FOUR,
    ONE,
    Grid,
    beside,
    count_pieces,
    first_columns,
    pieces_by_edges,
    pieces_of_colour,
    pieces_with,
    size_of,
    solid,
)


def transform(grid: Grid) -> Grid:
    blocks = count_pieces(pieces_with(pieces_of_colour(pieces_by_edges(grid), BLUE), size_of, FOUR))
    return first_columns(beside(solid(ONE, blocks, BLUE), solid(ONE, FIVE, BLACK)), FIVE)
