"""The red ring moves along the dotted line to the next dot."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    DOWN,
    GREEN,
    RED,
    RIGHT,
    TWO,
    Grid,
    erase_pieces,
    first_piece,
    height_of,
    move_piece,
    paint_piece,
    pieces,
    pieces_by_colour,
    pieces_of_colour,
    width_of,
)


def transform(grid: Grid) -> Grid:
    ring = first_piece(pieces_of_colour(pieces(grid), RED))
    dots = first_piece(pieces_of_colour(pieces_by_colour(grid), GREEN))
    direction = RIGHT if width_of(dots) > height_of(dots) else DOWN
    return paint_piece(erase_pieces(grid, [ring]), move_piece(ring, direction, TWO))
