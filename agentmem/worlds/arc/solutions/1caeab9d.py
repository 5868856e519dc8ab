"""All pieces move to the rows of the blue one."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLUE,
    DOWN,
    Grid,
    first_piece,
    map_pieces,
    move_piece,
    only_pieces,
    pieces,
    pieces_of_colour,
    top_of,
)


def transform(grid: Grid) -> Grid:
    found = pieces(grid)
    row = top_of(first_piece(pieces_of_colour(found, BLUE)))
    return only_pieces(grid, map_pieces(found, lambda piece: move_piece(piece, DOWN, row - top_of(piece))))
