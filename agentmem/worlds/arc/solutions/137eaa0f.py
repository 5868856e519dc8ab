"""What is around the grey cells is laid over each other."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    GREY,
    Grid,
    cells_of_pieces,
    crop_to_mask,
    grown,
    overlay_all,
    pieces_by_edges,
    pieces_of_colour,
)


def transform(grid: Grid) -> Grid:
    dots = pieces_of_colour(pieces_by_edges(grid), GREY)
    return overlay_all([crop_to_mask(grid, grown(cells_of_pieces(grid, [dot]))) for dot in dots])
