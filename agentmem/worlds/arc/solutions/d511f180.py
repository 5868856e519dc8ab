"""Grey and azure change places."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import AZURE, GREY, Grid, swap_colours


def transform(grid: Grid) -> Grid:
    return swap_colours(grid, GREY, AZURE)
