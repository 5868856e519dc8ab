"""Black regions that are squares become green and all others yellow."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    GREEN,
    YELLOW,
    Grid,
    empty_regions,
    is_full_box,
    is_square,
    keep_pieces,
    paint_pieces,
    recolour,
    recolour_pieces,
)


def transform(grid: Grid) -> Grid:
    squares = keep_pieces(keep_pieces(empty_regions(grid), is_square), is_full_box)
    return recolour(paint_pieces(grid, recolour_pieces(squares, GREEN)), BLACK, YELLOW)
