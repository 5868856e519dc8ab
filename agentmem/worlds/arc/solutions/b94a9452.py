"""The square is cropped and its two colours change places."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, crop_to_content, main_colour, rarest_colour, swap_colours


def transform(grid: Grid) -> Grid:
    square = crop_to_content(grid)
    return swap_colours(square, main_colour(square), rarest_colour(square))
