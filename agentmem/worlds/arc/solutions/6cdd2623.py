"""Lines from edge to edge join the cells of the rarest colour, and all else goes."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    Grid,
    connect_colours,
    either,
    keep_colour,
    paint_all,
    pick_cells,
    rarest_colour,
    uniform_columns,
    uniform_rows,
)


def transform(grid: Grid) -> Grid:
    lines = connect_colours(keep_colour(grid, rarest_colour(grid)))
    whole = either(uniform_rows(lines), uniform_columns(lines))
    return pick_cells(whole, lines, paint_all(grid, BLACK))
