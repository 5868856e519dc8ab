"""The largest region becomes blue and the smallest ones azure."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    AZURE,
    BLUE,
    Grid,
    all_largest_by,
    all_smallest_by,
    colour_pieces,
    empty_regions,
    size_of,
)


def transform(grid: Grid) -> Grid:
    regions = empty_regions(grid)
    scene = colour_pieces(grid, all_largest_by(regions, size_of), BLUE)
    return colour_pieces(scene, all_smallest_by(regions, size_of), AZURE)
