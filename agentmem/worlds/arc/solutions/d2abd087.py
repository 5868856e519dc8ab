"""Pieces of six cells become red and all others blue."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLUE,
    RED,
    SIX,
    Grid,
    filled_cells,
    paint,
    paint_pieces,
    pieces_by_edges,
    pieces_with,
    recolour_pieces,
    size_of,
)


def transform(grid: Grid) -> Grid:
    scene = paint(grid, filled_cells(grid), BLUE)
    return paint_pieces(scene, recolour_pieces(pieces_with(pieces_by_edges(grid), size_of, SIX), RED))
