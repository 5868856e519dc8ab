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
    colour_pieces,
    pieces,
    pieces_with,
    size_of,
)


def transform(grid: Grid) -> Grid:
    scene = colour_pieces(grid, pieces_with(pieces(grid), size_of, FOUR), BLUE)
    scene = colour_pieces(scene, pieces_with(pieces(grid), size_of, THREE), RED)
    return colour_pieces(scene, pieces_with(pieces(grid), size_of, TWO), GREEN)
