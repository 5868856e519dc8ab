"""A red diagonal rises from the foot of the line, and yellow goes along the bottom."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    RED,
    RIGHT,
    UP,
    UP_RIGHT,
    YELLOW,
    Grid,
    all_but,
    both,
    cells_ahead,
    filled_cells,
    paint,
    shifted,
)


def transform(grid: Grid) -> Grid:
    line = filled_cells(grid)
    foot = both(line, all_but(shifted(line, UP)))
    return paint(paint(grid, cells_ahead(foot, UP_RIGHT), RED), cells_ahead(foot, RIGHT), YELLOW)
