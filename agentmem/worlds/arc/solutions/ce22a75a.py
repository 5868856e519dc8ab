"""Each grey cell becomes a blue block of three by three."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import BLUE, GREY, Grid, cells_of, grown, picture_of_mask


def transform(grid: Grid) -> Grid:
    return picture_of_mask(grown(cells_of(grid, GREY)), BLUE)
