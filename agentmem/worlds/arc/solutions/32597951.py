"""Blue cells in the box of the azure ones become green."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    AZURE,
    BLUE,
    GREEN,
    Grid,
    both,
    boxes_of_pieces,
    cells_of,
    paint,
    pieces_by_colour,
    pieces_of_colour,
)


def transform(grid: Grid) -> Grid:
    box = boxes_of_pieces(grid, pieces_of_colour(pieces_by_colour(grid), AZURE))
    return paint(grid, both(cells_of(grid, BLUE), box), GREEN)
