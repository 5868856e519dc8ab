"""Black regions that are squares become green and all others yellow."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    GREEN,
    YELLOW,
    Grid,
    colour_pieces,
    empty_regions,
    is_full_box,
    is_square,
    keep_pieces,
    recolour,
)


def transform(grid: Grid) -> Grid:
    squares = keep_pieces(keep_pieces(empty_regions(grid), is_square), is_full_box)
    return recolour(colour_pieces(grid, squares, GREEN), BLACK, YELLOW)
