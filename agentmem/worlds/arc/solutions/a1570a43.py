"""The red piece moves into the green corners."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    DOWN,
    GREEN,
    ONE,
    RED,
    RIGHT,
    Grid,
    left_of,
    move_piece,
    only_pieces,
    pieces_by_colour,
    pieces_of_colour,
    top_of,
)


def transform(grid: Grid) -> Grid:
    (frame,) = pieces_of_colour(pieces_by_colour(grid), GREEN)
    (piece,) = pieces_of_colour(pieces_by_colour(grid), RED)
    down = move_piece(piece, DOWN, top_of(frame) + ONE - top_of(piece))
    inside = move_piece(down, RIGHT, left_of(frame) + ONE - left_of(piece))
    return only_pieces(grid, [frame, inside])
