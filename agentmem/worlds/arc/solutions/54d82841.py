"""Yellow marks the bottom under the opening of each piece."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLUE,
    UP,
    YELLOW,
    Grid,
    all_but,
    both,
    boxes_of_pieces,
    cells_of,
    columns_through,
    filled_cells,
    paint,
    paint_all,
    pieces,
    shifted,
)


def transform(grid: Grid) -> Grid:
    openings = both(boxes_of_pieces(grid, pieces(grid)), all_but(filled_cells(grid)))
    everything = cells_of(paint_all(grid, BLUE), BLUE)
    bottom = both(everything, all_but(shifted(everything, UP)))
    return paint(grid, both(columns_through(openings), bottom), YELLOW)
