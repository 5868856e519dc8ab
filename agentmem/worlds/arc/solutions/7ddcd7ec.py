"""Each tail of the block goes on diagonally to the edge."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    DOWN_LEFT,
    DOWN_RIGHT,
    UP_LEFT,
    UP_RIGHT,
    Grid,
    all_but,
    blocks_of,
    both,
    cells_ahead,
    filled_cells,
    main_colour,
    paint,
    shifted,
)


def transform(grid: Grid) -> Grid:
    block = blocks_of(filled_cells(grid))
    tails = both(filled_cells(grid), all_but(block))
    scene = grid
    for direction in (UP_LEFT, UP_RIGHT, DOWN_LEFT, DOWN_RIGHT):
        ends = both(tails, shifted(block, direction))
        scene = paint(scene, cells_ahead(ends, direction), main_colour(grid))
    return scene
