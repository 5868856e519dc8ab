"""What lines enclose becomes red, and all other ground green."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import BLACK, GREEN, RED, Grid, enclosed_cells, paint, recolour


def transform(grid: Grid) -> Grid:
    return recolour(paint(grid, enclosed_cells(grid), RED), BLACK, GREEN)
