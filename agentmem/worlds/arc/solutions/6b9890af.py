"""The piece is shown in the frame, enlarged to fill it."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    RED,
    Grid,
    first_piece,
    height_of,
    picture_of,
    pieces,
    pieces_of_colour,
    recolour,
    scale_up,
    surround,
)


def transform(grid: Grid) -> Grid:
    frame = first_piece(pieces_of_colour(pieces(grid), RED))
    piece = first_piece(pieces(recolour(grid, RED, BLACK)))
    return surround(scale_up(picture_of(piece), height_of(frame) // height_of(piece)), RED)
