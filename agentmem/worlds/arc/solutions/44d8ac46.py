"""Square holes become red."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    RED,
    Grid,
    cells_of_pieces,
    enclosed_cells,
    is_full_box,
    is_square,
    keep_pieces,
    paint,
    pieces_of_mask,
)


def transform(grid: Grid) -> Grid:
    holes = pieces_of_mask(grid, enclosed_cells(grid))
    return paint(grid, cells_of_pieces(grid, keep_pieces(keep_pieces(holes, is_square), is_full_box)), RED)
