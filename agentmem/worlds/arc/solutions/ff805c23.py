"""The part that is missing from the symmetric picture is shown."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    BLUE,
    Grid,
    cells_of,
    crop_to_mask,
    fill_from,
    flip_left_right,
    flip_top_bottom,
    recolour,
)


def transform(grid: Grid) -> Grid:
    hidden = recolour(grid, BLUE, BLACK)
    shown = fill_from(fill_from(hidden, flip_left_right), flip_top_bottom)
    return crop_to_mask(shown, cells_of(grid, BLUE))
