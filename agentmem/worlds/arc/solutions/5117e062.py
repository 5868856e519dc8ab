"""The piece with an azure cell is kept, the cell in the piece's own colour."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    AZURE,
    Grid,
    clusters,
    first_piece,
    main_colour,
    picture_of,
    pieces_of_colour,
    recolour,
)


def transform(grid: Grid) -> Grid:
    marked = picture_of(first_piece(pieces_of_colour(clusters(grid), AZURE)))
    return recolour(marked, AZURE, main_colour(marked))
