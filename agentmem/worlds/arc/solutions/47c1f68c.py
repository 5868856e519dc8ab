"""The pattern takes the colour of the lines and is mirrored to all four corners."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    Grid,
    count_filled,
    extend_down,
    extend_right,
    flip_left_right,
    flip_top_bottom,
    grid_with_most,
    main_colour,
    paint_filled,
    quarters,
)


def transform(grid: Grid) -> Grid:
    pattern = grid_with_most(quarters(grid), count_filled)
    painted = paint_filled(pattern, main_colour(grid))
    return extend_down(extend_right(painted, flip_left_right), flip_top_bottom)
