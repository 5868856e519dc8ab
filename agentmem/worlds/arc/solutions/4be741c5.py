"""The colours of the areas are listed in their order, one cell each."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    SIX,
    Grid,
    choose,
    colours_of_pieces,
    column_of_colours,
    flip_main_diagonal,
    height_of,
    height_of_grid,
    left_of,
    pieces_above,
    pieces_by_edges,
    size_of,
    sort_pieces,
    top_of,
)


def transform(grid: Grid) -> Grid:
    areas = pieces_above(pieces_by_edges(grid), size_of, SIX)
    column = column_of_colours(colours_of_pieces(sort_pieces(sort_pieces(areas, left_of), top_of)))
    lying = height_of_grid(grid) > max(height_of(area) for area in areas)
    return choose(lying, column, flip_main_diagonal(column))
