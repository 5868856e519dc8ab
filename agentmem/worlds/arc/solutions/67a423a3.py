"""A yellow ring is drawn where the lines cross."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    YELLOW,
    Grid,
    both,
    paint,
    ring_around,
    silhouette,
    uniform_columns,
    uniform_rows,
)


def transform(grid: Grid) -> Grid:
    form = silhouette(grid)
    crossing = both(uniform_rows(form), uniform_columns(form))
    return paint(grid, ring_around(crossing), YELLOW)
