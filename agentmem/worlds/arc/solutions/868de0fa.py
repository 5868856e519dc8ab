"""Holes with an odd side become orange, those with an even side red."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    ORANGE,
    RED,
    TWO,
    Grid,
    enclosed_cells,
    height_of,
    paint_each,
    pieces_of_mask,
)


def transform(grid: Grid) -> Grid:
    holes = pieces_of_mask(grid, enclosed_cells(grid))
    return paint_each(grid, holes, lambda hole: ORANGE if height_of(hole) % TWO else RED)
