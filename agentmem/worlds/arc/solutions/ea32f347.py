"""The largest bar becomes blue, the middle one yellow and the smallest red."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLUE,
    RED,
    YELLOW,
    Grid,
    all_largest_by,
    all_smallest_by,
    colour_pieces,
    paint_filled,
    pieces,
    size_of,
)


def transform(grid: Grid) -> Grid:
    bars = pieces(grid)
    scene = paint_filled(grid, YELLOW)
    scene = colour_pieces(scene, all_largest_by(bars, size_of), BLUE)
    return colour_pieces(scene, all_smallest_by(bars, size_of), RED)
