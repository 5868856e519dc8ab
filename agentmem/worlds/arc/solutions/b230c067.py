"""The piece that differs from the others in size becomes red, the others blue."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLUE,
    RED,
    Grid,
    odd_piece_out,
    paint_filled,
    paint_piece,
    pieces,
    recolour_piece,
    size_of,
)


def transform(grid: Grid) -> Grid:
    odd = odd_piece_out(pieces(grid), size_of)
    return paint_piece(paint_filled(grid, BLUE), recolour_piece(odd, RED))
