"""Blue, red, green and yellow cells stand at the corners of each grey block."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLUE,
    DOWN_LEFT,
    DOWN_RIGHT,
    GREEN,
    GREY,
    RED,
    UP_LEFT,
    UP_RIGHT,
    YELLOW,
    Grid,
    all_but,
    both,
    cells_of,
    diagonal_neighbours,
    neighbours,
    paint,
    shifted,
)


def transform(grid: Grid) -> Grid:
    grey = cells_of(grid, GREY)
    corners = both(diagonal_neighbours(grey), all_but(neighbours(grey)))
    upper = paint(grid, both(corners, shifted(grey, UP_LEFT)), BLUE)
    upper = paint(upper, both(corners, shifted(grey, UP_RIGHT)), RED)
    lower = paint(upper, both(corners, shifted(grey, DOWN_LEFT)), GREEN)
    return paint(lower, both(corners, shifted(grey, DOWN_RIGHT)), YELLOW)
