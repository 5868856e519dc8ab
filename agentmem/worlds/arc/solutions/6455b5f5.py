"""The largest region becomes blue and the smallest ones azure."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    AZURE,
    BLUE,
    Grid,
    all_largest_by,
    all_smallest_by,
    empty_regions,
    paint_pieces,
    recolour_pieces,
    size_of,
)


def transform(grid: Grid) -> Grid:
    regions = empty_regions(grid)
    scene = paint_pieces(grid, recolour_pieces(all_largest_by(regions, size_of), BLUE))
    return paint_pieces(scene, recolour_pieces(all_smallest_by(regions, size_of), AZURE))
