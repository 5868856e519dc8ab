"""Where two stripes cross, the other one comes to lie on top."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    Grid,
    both,
    crop_to_mask,
    main_colour,
    paint,
    recolour,
    silhouette,
    uniform_columns,
    uniform_rows,
)


def transform(grid: Grid) -> Grid:
    form = silhouette(grid)
    crossing = both(uniform_rows(form), uniform_columns(form))
    top = main_colour(crop_to_mask(grid, crossing))
    return paint(grid, crossing, main_colour(recolour(grid, top, BLACK)))
