"""The highest bar becomes blue, the lowest red, and the others go."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLUE,
    RED,
    Grid,
    all_largest_by,
    all_smallest_by,
    height_of,
    only_pieces,
    paint_pieces,
    pieces,
    recolour_pieces,
)


def transform(grid: Grid) -> Grid:
    bars = pieces(grid)
    scene = only_pieces(grid, recolour_pieces(all_largest_by(bars, height_of), BLUE))
    return paint_pieces(scene, recolour_pieces(all_smallest_by(bars, height_of), RED))
