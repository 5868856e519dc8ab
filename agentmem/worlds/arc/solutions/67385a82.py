"""Pieces of three cells or more become azure."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import AZURE, TWO, Grid, colour_pieces, pieces_above, pieces_by_edges, size_of


def transform(grid: Grid) -> Grid:
    return colour_pieces(grid, pieces_above(pieces_by_edges(grid), size_of, TWO), AZURE)
