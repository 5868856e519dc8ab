"""Pieces of four cells become blue, of three red, of two green."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLUE,
    FOUR,
    GREEN,
    RED,
    THREE,
    TWO,
    Grid,
    paint_pieces,
    pieces,
    pieces_with,
    recolour_pieces,
    size_of,
)


def transform(grid: Grid) -> Grid:
    scene = paint_pieces(grid, recolour_pieces(pieces_with(pieces(grid), size_of, FOUR), BLUE))
    scene = paint_pieces(scene, recolour_pieces(pieces_with(pieces(grid), size_of, THREE), RED))
    return paint_pieces(scene, recolour_pieces(pieces_with(pieces(grid), size_of, TWO), GREEN))
