"""The square that is not symmetric about its diagonal is kept."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, first_grid, flip_main_diagonal, is_unchanged, square_panels


def transform(grid: Grid) -> Grid:
    return first_grid([part for part in square_panels(grid) if not is_unchanged(part, flip_main_diagonal)])
