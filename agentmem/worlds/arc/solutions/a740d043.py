"""What lies on the blue ground is cropped, on black."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import BLACK, BLUE, Grid, crop_to_content, recolour


def transform(grid: Grid) -> Grid:
    return crop_to_content(recolour(grid, BLUE, BLACK))
