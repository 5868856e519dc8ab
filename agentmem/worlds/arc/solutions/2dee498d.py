"""The first of three equal squares is kept."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, first_grid, square_panels


def transform(grid: Grid) -> Grid:
    return first_grid(square_panels(grid))
