"""The colours of the largest pieces are shown as columns from left to right, as high as they have cells."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    ONE,
    Grid,
    all_largest_by,
    colours_of_pieces,
    column_of_colours,
    first_piece,
    flip_main_diagonal,
    left_of,
    pieces,
    size_of,
    sort_pieces,
    tile,
)


def transform(grid: Grid) -> Grid:
    largest = sort_pieces(all_largest_by(pieces(grid), size_of), left_of)
    row = flip_main_diagonal(column_of_colours(colours_of_pieces(largest)))
    return tile(row, size_of(first_piece(largest)), ONE)
