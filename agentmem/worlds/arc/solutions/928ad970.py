"""A rectangle is drawn just inside the box of the grey cells."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    GREY,
    Grid,
    all_but,
    both,
    boxes_of_pieces,
    interior,
    main_colour,
    paint,
    pieces_by_colour,
    pieces_of_colour,
    recolour,
)


def transform(grid: Grid) -> Grid:
    box = interior(boxes_of_pieces(grid, pieces_of_colour(pieces_by_colour(grid), GREY)))
    frame = both(box, all_but(interior(box)))
    return paint(grid, frame, main_colour(recolour(grid, GREY, BLACK)))
