"""The largest bar becomes blue, the middle one yellow and the smallest red."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLUE,
    RED,
    YELLOW,
    Grid,
    all_largest_by,
    all_smallest_by,
    filled_cells,
    paint,
    paint_pieces,
    pieces,
    recolour_pieces,
    size_of,
)


def transform(grid: Grid) -> Grid:
    bars = pieces(grid)
    scene = paint(grid, filled_cells(grid), YELLOW)
    scene = paint_pieces(scene, recolour_pieces(all_largest_by(bars, size_of), BLUE))
    return paint_pieces(scene, recolour_pieces(all_smallest_by(bars, size_of), RED))
