"""The colour in the middle of the foot shows on diagonals above."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    LEFT,
    RIGHT,
    UP,
    UP_LEFT,
    UP_RIGHT,
    Grid,
    all_but,
    both,
    cells_ahead,
    cells_of,
    either,
    paint_empty,
    rarest_colour,
    shifted,
)


def transform(grid: Grid) -> Grid:
    peak = shifted(cells_of(grid, rarest_colour(grid)), UP)
    left = cells_ahead(both(peak, all_but(shifted(peak, RIGHT))), UP_LEFT)
    rays = either(left, cells_ahead(both(peak, all_but(shifted(peak, LEFT))), UP_RIGHT))
    return paint_empty(grid, rays, rarest_colour(grid))
