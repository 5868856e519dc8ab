"""The panel with the fewest cells is shown as large as the whole grid."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    FOUR,
    GREY,
    Grid,
    cells_of,
    count_filled,
    first_columns,
    first_rows,
    grid_with_fewest,
    height_of_grid,
    panels,
    pick_cells,
    scale_up,
    width_of_grid,
)


def transform(grid: Grid) -> Grid:
    chosen = scale_up(grid_with_fewest(panels(grid), count_filled), FOUR)
    large = first_rows(first_columns(chosen, width_of_grid(grid)), height_of_grid(grid))
    return pick_cells(cells_of(grid, GREY), grid, large)
