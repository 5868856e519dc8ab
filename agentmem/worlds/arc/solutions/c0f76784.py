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
    enclosed_cells,
    height_of,
    paint_pieces,
    pieces_of_mask,
    pieces_with,
    recolour_pieces,
)


def transform(grid: Grid) -> Grid:
    holes = pieces_of_mask(grid, enclosed_cells(grid))
    scene = paint_pieces(grid, recolour_pieces(pieces_with(holes, height_of, ONE), MAGENTA))
    scene = paint_pieces(scene, recolour_pieces(pieces_with(holes, height_of, TWO), ORANGE))
    return paint_pieces(scene, recolour_pieces(pieces_with(holes, height_of, THREE), AZURE))
