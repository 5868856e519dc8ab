"""What four corners frame is cropped and takes their colour."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, cells_of, crop_to_mask, filled_cells, paint, rarest_colour, trim


def transform(grid: Grid) -> Grid:
    inside = trim(crop_to_mask(grid, cells_of(grid, rarest_colour(grid))))
    return paint(inside, filled_cells(inside), rarest_colour(grid))
