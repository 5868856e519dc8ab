"""The framed box grows until it reaches the azure cell."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    AZURE,
    BLACK,
    Grid,
    box_of,
    corner_colour,
    crop_to_content,
    filled_cells,
    interior,
    paint,
    recolour,
    trim,
)


def transform(grid: Grid) -> Grid:
    frame = crop_to_content(recolour(grid, AZURE, BLACK))
    box = box_of(filled_cells(grid))
    return paint(paint(grid, box, corner_colour(frame)), interior(box), corner_colour(trim(frame)))
