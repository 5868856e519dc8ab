"""Blue pieces that enclose a hole become azure."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    AZURE,
    BLACK,
    MAROON,
    Grid,
    has_hole,
    keep_pieces,
    paint_pieces,
    pieces_by_edges,
    recolour,
    recolour_pieces,
)


def transform(grid: Grid) -> Grid:
    scene = recolour(grid, MAROON, BLACK)
    closed = recolour_pieces(keep_pieces(pieces_by_edges(scene), has_hole), AZURE)
    return recolour(paint_pieces(scene, closed), BLACK, MAROON)
