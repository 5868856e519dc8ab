"""The piece under the grey cell is shown."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLACK,
    GREY,
    Grid,
    clusters,
    crop_to_content,
    first_piece,
    picture_of,
    pieces_of_colour,
    recolour,
)


def transform(grid: Grid) -> Grid:
    marked = first_piece(pieces_of_colour(clusters(grid), GREY))
    return crop_to_content(recolour(picture_of(marked), GREY, BLACK))
