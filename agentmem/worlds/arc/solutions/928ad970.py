"""A rectangle is drawn just inside the box of the grey cells."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    GREY,
    Grid,
    all_but,
    both,
    box_of,
    cells_of,
    interior,
    main_colour,
    paint,
    recolour,
)


def transform(grid: Grid) -> Grid:
    box = interior(box_of(cells_of(grid, GREY)))
    frame = both(box, all_but(interior(box)))
    return paint(grid, frame, main_colour(recolour(grid, GREY, BLACK)))
