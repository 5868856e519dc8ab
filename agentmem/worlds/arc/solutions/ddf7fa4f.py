"""Each grey piece takes the colour of the mark above it."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    GREY,
    Grid,
    columns_of,
    main_colour,
    paint_each,
    pieces_by_edges,
    pieces_of_colour,
    recolour,
)


def transform(grid: Grid) -> Grid:
    marks = recolour(grid, GREY, BLACK)
    blocks = pieces_of_colour(pieces_by_edges(grid), GREY)
    return paint_each(grid, blocks, lambda block: main_colour(columns_of(marks, block)))
