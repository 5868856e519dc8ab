"""The lower half of each bar becomes azure."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    AZURE,
    ONE,
    Grid,
    bottom_half,
    change_boxes,
    height_of,
    paint_all,
    pieces,
    pieces_above,
    replace_last_rows,
)


def transform(grid: Grid) -> Grid:
    bars = pieces_above(pieces(grid), height_of, ONE)
    return change_boxes(grid, bars, lambda bar: replace_last_rows(bar, paint_all(bottom_half(bar), AZURE)))
