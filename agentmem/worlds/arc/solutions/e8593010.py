"""Black regions become coloured by their size."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLUE,
    GREEN,
    ONE,
    RED,
    THREE,
    TWO,
    Grid,
    empty_regions,
    paint_pieces,
    pieces_with,
    recolour_pieces,
    size_of,
)


def transform(grid: Grid) -> Grid:
    regions = empty_regions(grid)
    scene = paint_pieces(grid, recolour_pieces(pieces_with(regions, size_of, ONE), GREEN))
    scene = paint_pieces(scene, recolour_pieces(pieces_with(regions, size_of, TWO), RED))
    return paint_pieces(scene, recolour_pieces(pieces_with(regions, size_of, THREE), BLUE))
