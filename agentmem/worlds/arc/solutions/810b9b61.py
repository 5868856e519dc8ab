"""Blue pieces that enclose a hole become green."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    GREEN,
    Grid,
    has_hole,
    keep_pieces,
    paint_pieces,
    pieces_by_edges,
    recolour_pieces,
)


def transform(grid: Grid) -> Grid:
    return paint_pieces(grid, recolour_pieces(keep_pieces(pieces_by_edges(grid), has_hole), GREEN))
