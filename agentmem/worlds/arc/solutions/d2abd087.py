"""Pieces of six cells become red and all others blue."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLUE,
    RED,
    SIX,
    Grid,
    colour_pieces,
    paint_filled,
    pieces_by_edges,
    pieces_with,
    size_of,
)


def transform(grid: Grid) -> Grid:
    scene = paint_filled(grid, BLUE)
    return colour_pieces(scene, pieces_with(pieces_by_edges(grid), size_of, SIX), RED)
