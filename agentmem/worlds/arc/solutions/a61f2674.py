"""The highest bar becomes blue, the lowest red, and the others go."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLUE,
    RED,
    Grid,
    all_largest_by,
    all_smallest_by,
    colour_pieces,
    height_of,
    only_pieces,
    pieces,
    recolour_pieces,
)


def transform(grid: Grid) -> Grid:
    bars = pieces(grid)
    scene = only_pieces(grid, recolour_pieces(all_largest_by(bars, height_of), BLUE))
    return colour_pieces(scene, all_smallest_by(bars, height_of), RED)
