"""Pieces of three cells or more become azure."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    AZURE,
    TWO,
    Grid,
    paint_pieces,
    pieces_above,
    pieces_by_edges,
    recolour_pieces,
    size_of,
)


def transform(grid: Grid) -> Grid:
    return paint_pieces(grid, recolour_pieces(pieces_above(pieces_by_edges(grid), size_of, TWO), AZURE))
