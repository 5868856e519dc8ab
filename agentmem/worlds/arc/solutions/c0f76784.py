"""Holes are filled by their size: magenta, orange, azure."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    AZURE,
    MAGENTA,
    ONE,
    ORANGE,
    THREE,
    TWO,
    Grid,
    colour_pieces,
    enclosed_cells,
    height_of,
    pieces_of_mask,
    pieces_with,
)


def transform(grid: Grid) -> Grid:
    holes = pieces_of_mask(grid, enclosed_cells(grid))
    scene = colour_pieces(grid, pieces_with(holes, height_of, ONE), MAGENTA)
    scene = colour_pieces(scene, pieces_with(holes, height_of, TWO), ORANGE)
    return colour_pieces(scene, pieces_with(holes, height_of, THREE), AZURE)
