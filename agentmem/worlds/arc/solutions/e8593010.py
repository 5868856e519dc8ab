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
    colour_pieces,
    empty_regions,
    pieces_with,
    size_of,
)


def transform(grid: Grid) -> Grid:
    regions = empty_regions(grid)
    scene = colour_pieces(grid, pieces_with(regions, size_of, ONE), GREEN)
    scene = colour_pieces(scene, pieces_with(regions, size_of, TWO), RED)
    return colour_pieces(scene, pieces_with(regions, size_of, THREE), BLUE)
