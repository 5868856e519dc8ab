"""Pieces as pictures, and painted into grids."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from agentmem.worlds.arc.dsl.measures import colour_of
from agentmem.worlds.arc.dsl.values import BLACK, NO_CELL, Colour, Grid, Mask, Piece, RoutineError, sized


def picture_of(piece: Piece) -> Grid:
    """A grid that shows a piece alone, just as large as it is.

    Args:
        piece: What is shown.
    """
    return np.where(piece.mask, piece.pixels, BLACK).astype(np.int8)


def box_around(grid: Grid, piece: Piece) -> Grid:
    """The part of the grid that the smallest box around a piece holds, with all else that is in it.

    Args:
        grid: What is cropped.
        piece: Where.

    Raises:
        RoutineError: the piece does not lie in the grid.
    """
    return sized(grid[_inside(grid, piece).box])


def pictures(pieces: list[Piece]) -> list[Grid]:
    """A grid for each piece that shows it alone.

    Args:
        pieces: What is shown.
    """
    return [picture_of(piece) for piece in pieces]


def paint_pieces(grid: Grid, pieces: list[Piece]) -> Grid:
    """Paints pieces into the grid where they are; what lies outside is lost.

    Args:
        grid: What is painted on.
        pieces: What is painted, the last uppermost.
    """
    painted = grid.copy()
    for piece in pieces:
        seen, part = _seen(grid, piece)
        painted[seen][part.mask] = part.pixels[part.mask]
    return painted


def paint_piece(grid: Grid, piece: Piece) -> Grid:
    """Paints a piece into the grid where it is; what lies outside is lost.

    Args:
        grid: What is painted on.
        piece: What is painted.
    """
    return paint_pieces(grid, [piece])


def erase_pieces(grid: Grid, pieces: list[Piece]) -> Grid:
    """Turns the cells of pieces black.

    Args:
        grid: What is painted on.
        pieces: What goes.
    """
    return colour_pieces(grid, pieces, BLACK)


def only_pieces(grid: Grid, pieces: list[Piece]) -> Grid:
    """A grid of the same size that has only the pieces, on black.

    Args:
        grid: Whose size it has.
        pieces: What is painted.
    """
    return paint_pieces(np.zeros_like(grid), pieces)


def recolour_piece(piece: Piece, colour: Colour) -> Piece:
    """The piece in one colour.

    Args:
        piece: What is recoloured.
        colour: Its new one.
    """
    return Piece(piece.row, piece.column, np.where(piece.mask, colour, NO_CELL).astype(np.int8))


def filled_box(piece: Piece) -> Piece:
    """The rectangle around a piece, without gaps, in the colour of most of its cells.

    Args:
        piece: What is filled up.
    """
    return Piece(piece.row, piece.column, np.full_like(piece.pixels, colour_of(piece)))


def recolour_pieces(pieces: list[Piece], colour: Colour) -> list[Piece]:
    """The pieces in one colour.

    Args:
        pieces: What is recoloured.
        colour: Their new one.
    """
    return [recolour_piece(piece, colour) for piece in pieces]


def map_pieces(pieces: list[Piece], change: Callable[[Piece], Piece]) -> list[Piece]:
    """Changes each piece in the same way.

    Args:
        pieces: What is changed.
        change: How.
    """
    return [change(piece) for piece in pieces]


def paint_each(grid: Grid, pieces: list[Piece], colour: Callable[[Piece], Colour]) -> Grid:
    """Recolours each piece of the grid by what it is like.

    Args:
        grid: What is painted on.
        pieces: What is recoloured.
        colour: The new colour of a piece.
    """
    return paint_pieces(grid, [recolour_piece(piece, colour(piece)) for piece in pieces])


def colour_pieces(grid: Grid, pieces: list[Piece], colour: Colour) -> Grid:
    """Gives the cells of pieces one colour and leaves all others as they are.

    Args:
        grid: What is painted on.
        pieces: What is recoloured.
        colour: Their new one.
    """
    return paint_pieces(grid, recolour_pieces(pieces, colour))


def paint_in_order(grid: Grid, pieces: list[Piece]) -> Grid:
    """Gives the pieces the colours one after the other: blue, red, green, yellow and on; after the last blue.

    Args:
        grid: What is painted on.
        pieces: What is recoloured, in this order.
    """
    colours = range(BLACK + 1, 10)
    return paint_pieces(
        grid, [recolour_piece(piece, colours[place % len(colours)]) for place, piece in enumerate(pieces)]
    )


def place_at_pieces(grid: Grid, pieces: list[Piece], picture: Grid) -> Grid:
    """Puts a copy of a picture where each piece begins at the top left; its black cells cover nothing.

    Args:
        grid: What is painted on.
        pieces: Where copies go.
        picture: What is copied.
    """
    pixels = np.where(picture == BLACK, NO_CELL, picture).astype(np.int8)
    return paint_pieces(grid, [Piece(piece.row, piece.column, pixels) for piece in pieces])


def columns_of(grid: Grid, piece: Piece) -> Grid:
    """The part of the grid that has the columns of a piece, from top to bottom.

    Args:
        grid: What is cropped.
        piece: Whose columns are meant.

    Raises:
        RoutineError: the piece does not lie in the grid.
    """
    return sized(grid[:, _inside(grid, piece).box[1]])


def colours_of_pieces(pieces: list[Piece]) -> list[Colour]:
    """The main colour of each piece, in their order.

    Args:
        pieces: Whose colours are meant.
    """
    return [colour_of(piece) for piece in pieces]


def cells_of_pieces(grid: Grid, pieces: list[Piece]) -> Mask:
    """The cells that belong to pieces.

    Args:
        grid: Where they lie.
        pieces: Whose cells are meant.
    """
    mask = np.zeros(grid.shape, dtype=bool)
    for piece in pieces:
        seen, part = _seen(grid, piece)
        mask[seen] |= part.mask
    return mask


def boxes_of_pieces(grid: Grid, pieces: list[Piece]) -> Mask:
    """The cells within the smallest boxes around pieces.

    Args:
        grid: Where they lie.
        pieces: Whose boxes are meant.
    """
    mask = np.zeros(grid.shape, dtype=bool)
    for piece in pieces:
        mask[_seen(grid, piece)[0]] = True
    return mask


def change_boxes(grid: Grid, pieces: list[Piece], change: Callable[[Grid], Grid]) -> Grid:
    """Changes each part of the grid that the smallest box around a piece holds, in the same way.

    Args:
        grid: Where the pieces lie.
        pieces: Where something changes.
        change: How; it keeps the size.

    Raises:
        RoutineError: a piece does not lie in the grid, or the change alters a size.
    """
    changed = grid.copy()
    for piece in pieces:
        new = change(box_around(grid, piece))
        if new.shape != piece.pixels.shape:
            raise RoutineError(
                f"a change of {piece.pixels.shape} to {new.shape}", "take one that keeps sizes"
            )
        changed[piece.box] = new
    return changed


def _inside(grid: Grid, piece: Piece) -> Piece:
    rows, columns = piece.box
    if min(piece.row, piece.column) < 0 or rows.stop > grid.shape[0] or columns.stop > grid.shape[1]:
        raise RoutineError(
            f"a piece at {piece.row}, {piece.column} is not in a grid of {grid.shape}", "take one that is"
        )
    return piece


def _seen(grid: Grid, piece: Piece) -> tuple[tuple[slice, slice], Piece]:
    """Where of the grid a piece is seen, and the part of it that is."""
    rows, columns = piece.box
    height, width = grid.shape
    top, bottom = min(max(rows.start, 0), height), min(max(rows.stop, 0), height)
    left, right = min(max(columns.start, 0), width), min(max(columns.stop, 0), width)
    cut = piece.pixels[top - piece.row : bottom - piece.row, left - piece.column : right - piece.column]
    return (slice(top, bottom), slice(left, right)), Piece(top, left, cut)
