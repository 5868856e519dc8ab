"""The pattern is completed by its symmetry."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    Grid,
    clusters,
    crop_to_content,
    fill_from,
    first_piece,
    flip_left_right,
    flip_main_diagonal,
    flip_top_bottom,
    place_at_pieces,
)


def transform(grid: Grid) -> Grid:
    part = crop_to_content(grid)
    whole = fill_from(fill_from(fill_from(part, flip_left_right), flip_top_bottom), flip_main_diagonal)
    return place_at_pieces(grid, [first_piece(clusters(grid))], whole)
