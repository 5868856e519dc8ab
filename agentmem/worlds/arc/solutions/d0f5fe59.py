"""A diagonal shows how many pieces there are."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import AZURE, BLACK, Grid, count_pieces, diagonal_cells, paint, pieces, solid


def transform(grid: Grid) -> Grid:
    side = count_pieces(pieces(grid))
    square = solid(side, side, BLACK)
    return paint(square, diagonal_cells(square), AZURE)
