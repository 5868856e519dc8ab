"""What can be said of a piece: sizes, colours, holes, form."""

from __future__ import annotations

import numpy as np

from agentmem.worlds.arc.dsl.labels import labelled
from agentmem.worlds.arc.dsl.values import NO_CELL, Colour, Count, Piece


def size_of(piece: Piece) -> Count:
    """How many cells a piece has.

    Args:
        piece: What is measured.
    """
    return int(np.count_nonzero(piece.mask))


def height_of(piece: Piece) -> Count:
    """How many rows a piece spans.

    Args:
        piece: What is measured.
    """
    return int(piece.pixels.shape[0])


def width_of(piece: Piece) -> Count:
    """How many columns a piece spans.

    Args:
        piece: What is measured.
    """
    return int(piece.pixels.shape[1])


def top_of(piece: Piece) -> Count:
    """In which row a piece begins, from the top.

    Args:
        piece: What is measured.
    """
    return piece.row


def left_of(piece: Piece) -> Count:
    """In which column a piece begins, from the left.

    Args:
        piece: What is measured.
    """
    return piece.column


def colour_of(piece: Piece) -> Colour:
    """The colour of most cells of a piece; of equals, the lowest.

    Args:
        piece: Whose colour is meant.
    """
    return int(np.bincount(piece.pixels[piece.mask], minlength=10).argmax())


def count_colours_of(piece: Piece) -> Count:
    """How many colours a piece has.

    Args:
        piece: Whose colours are counted.
    """
    return int(np.unique(piece.pixels[piece.mask]).size)


def count_holes_of(piece: Piece) -> Count:
    """How many separate holes the cells of a piece enclose.

    Args:
        piece: Whose holes are counted.
    """
    height, width = piece.pixels.shape
    around = np.ones((height + 2, width + 2), dtype=np.int8)
    around[1:-1, 1:-1] = piece.pixels == NO_CELL
    return labelled(around, diagonal=False)[1] - 1


def has_hole(piece: Piece) -> bool:
    """Whether the cells of a piece enclose a hole.

    Args:
        piece: What is looked at.
    """
    return count_holes_of(piece) > 0


def is_full_box(piece: Piece) -> bool:
    """Whether a piece is a rectangle without gaps.

    Args:
        piece: What is looked at.
    """
    return bool(piece.mask.all())


def is_square(piece: Piece) -> bool:
    """Whether a piece is as high as it is wide.

    Args:
        piece: What is looked at.
    """
    height, width = piece.pixels.shape
    return bool(height == width)


def is_single_cell(piece: Piece) -> bool:
    """Whether a piece is one cell.

    Args:
        piece: What is looked at.
    """
    return piece.pixels.size == 1


def is_mirrored_left_right(piece: Piece) -> bool:
    """Whether the left of a piece mirrors its right.

    Args:
        piece: What is looked at.
    """
    return bool((piece.pixels == piece.pixels[:, ::-1]).all())
