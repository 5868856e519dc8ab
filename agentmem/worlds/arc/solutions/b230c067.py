"""The piece that differs from the others in size becomes red, the others blue."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLUE,
    RED,
    Grid,
    filled_cells,
    odd_piece_out,
    paint,
    paint_piece,
    pieces,
    recolour_piece,
    size_of,
)


def transform(grid: Grid) -> Grid:
    odd = odd_piece_out(pieces(grid), size_of)
    return paint_piece(paint(grid, filled_cells(grid), BLUE), recolour_piece(odd, RED))
