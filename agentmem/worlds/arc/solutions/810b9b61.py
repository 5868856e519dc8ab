"""Blue pieces that enclose a hole become green."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import GREEN, Grid, colour_pieces, has_hole, keep_pieces, pieces_by_edges


def transform(grid: Grid) -> Grid:
    return colour_pieces(grid, keep_pieces(pieces_by_edges(grid), has_hole), GREEN)
