"""Single cells become blue."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLUE,
    Grid,
    cells_of_pieces,
    is_single_cell,
    keep_pieces,
    paint,
    pieces_by_edges,
)


def transform(grid: Grid) -> Grid:
    return paint(grid, cells_of_pieces(grid, keep_pieces(pieces_by_edges(grid), is_single_cell)), BLUE)
