"""Each cross grows by one cell, and its middle colour fills the diagonals."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    Grid,
    both,
    cells_of,
    corners_of,
    crosses_through,
    diagonal_neighbours,
    either,
    grown,
    main_colour,
    paint_empty,
    rarest_colour,
)


def transform(grid: Grid) -> Grid:
    middle = cells_of(grid, rarest_colour(grid))
    reach = grown(grown(middle))
    arms = paint_empty(grid, both(crosses_through(middle), reach), main_colour(grid))
    return paint_empty(arms, either(diagonal_neighbours(middle), corners_of(reach)), rarest_colour(grid))
