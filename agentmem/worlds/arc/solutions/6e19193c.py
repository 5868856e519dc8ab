"""A diagonal line leaves the open corner of each piece."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    DOWN_LEFT,
    DOWN_RIGHT,
    UP_LEFT,
    UP_RIGHT,
    Grid,
    all_but,
    both,
    boxes_of_pieces,
    cells_ahead,
    filled_cells,
    main_colour,
    paint,
    pieces,
    shifted,
)


def transform(grid: Grid) -> Grid:
    openings = both(boxes_of_pieces(grid, pieces(grid)), all_but(filled_cells(grid)))
    scene = grid
    for direction in (UP_LEFT, UP_RIGHT, DOWN_LEFT, DOWN_RIGHT):
        starts = both(openings, shifted(filled_cells(grid), direction))
        scene = paint(scene, cells_ahead(starts, direction), main_colour(grid))
    return scene
