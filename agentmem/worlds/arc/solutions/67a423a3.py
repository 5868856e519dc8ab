"""A yellow ring is drawn where the lines cross."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    YELLOW,
    Grid,
    both,
    filled_cells,
    paint,
    ring_around,
    silhouette,
    uniform_columns,
    uniform_rows,
)


def transform(grid: Grid) -> Grid:
    form = silhouette(grid)
    return paint(
        grid, ring_around(both(uniform_rows(form), both(uniform_columns(form), filled_cells(grid)))), YELLOW
    )
