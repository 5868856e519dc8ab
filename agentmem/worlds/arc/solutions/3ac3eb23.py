"""Each cell becomes a column of checks."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    DOWN_LEFT,
    DOWN_RIGHT,
    ONE,
    THREE,
    TWO,
    Grid,
    first_rows,
    overlay,
    shift,
    tile,
)


def transform(grid: Grid) -> Grid:
    checks = overlay(overlay(grid, shift(grid, DOWN_LEFT, ONE)), shift(grid, DOWN_RIGHT, ONE))
    return tile(first_rows(checks, TWO), THREE, ONE)
