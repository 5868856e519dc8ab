"""The colours of the small blocks are listed, the most common of all left out."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import BLACK, Grid, colours_by_count, column_of_colours, main_colour, recolour


def transform(grid: Grid) -> Grid:
    return column_of_colours(colours_by_count(recolour(grid, main_colour(grid), BLACK)))
