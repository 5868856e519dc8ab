"""Each colour is exchanged for its partner."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import AZURE, BLUE, GREEN, GREY, MAGENTA, MAROON, RED, YELLOW, Grid, swap_colours


def transform(grid: Grid) -> Grid:
    warm = swap_colours(swap_colours(grid, GREEN, YELLOW), BLUE, GREY)
    return swap_colours(swap_colours(warm, RED, MAGENTA), AZURE, MAROON)
