"""Finding the pieces of which a grid is made."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agentmem.worlds.arc.dsl.labels import labelled
from agentmem.worlds.arc.dsl.values import BLACK, LARGEST_SIDE, NO_CELL, Grid, Mask, Piece, same_shape


def pieces(grid: Grid) -> list[Piece]:
    """Connected cells of one colour that is not black; corners connect.

    Args:
        grid: Where pieces are looked for, in the order of reading.
    """
    return _cut(grid, *labelled(grid, diagonal=True))


def pieces_by_edges(grid: Grid) -> list[Piece]:
    """Connected cells of one colour that is not black; only edges connect, corners do not.

    Args:
        grid: Where pieces are looked for, in the order of reading.
    """
    return _cut(grid, *labelled(grid, diagonal=False))


def clusters(grid: Grid) -> list[Piece]:
    """Connected cells of any colours that are not black; corners connect.

    Args:
        grid: Where clusters are looked for, in the order of reading.
    """
    return _cut(grid, *labelled((grid != BLACK).astype(np.int8), diagonal=True))


def pieces_by_colour(grid: Grid) -> list[Piece]:
    """One piece for each colour that is not black: all of its cells, connected or not.

    Args:
        grid: Where colours are looked for, from the lowest to the highest.
    """
    return _cut(grid, *_ranked(grid))


def empty_regions(grid: Grid) -> list[Piece]:
    """Connected black cells; only edges connect, corners do not.

    Args:
        grid: Where regions are looked for, in the order of reading.
    """
    return _cut(grid, *labelled((grid == BLACK).astype(np.int8), diagonal=False))


def pieces_of_mask(grid: Grid, mask: Mask) -> list[Piece]:
    """Connected cells of a mask, with the colours that the grid has there; only edges connect.

    Args:
        grid: Where the colours are taken from.
        mask: Which cells are meant.

    Raises:
        RoutineError: mask and grid differ in shape.
    """
    same_shape(grid, mask)
    return _cut(grid, *labelled(mask.astype(np.int8), diagonal=False))


def _ranked(grid: Grid) -> tuple[NDArray[np.intp], int]:
    """Each colour's number among those that there are."""
    present = [colour for colour in np.unique(grid).tolist() if colour != BLACK]
    numbers = np.zeros(10, dtype=np.intp)
    numbers[present] = np.arange(1, len(present) + 1)
    return numbers[grid], len(present)


def _cut(grid: Grid, labels: NDArray[np.intp], count: int) -> list[Piece]:
    """The piece of each number."""
    rows, columns = np.nonzero(labels)
    numbers = labels[rows, columns]
    top, left = np.full(count + 1, LARGEST_SIDE), np.full(count + 1, LARGEST_SIDE)
    bottom, right = np.zeros(count + 1, dtype=np.intp), np.zeros(count + 1, dtype=np.intp)
    np.minimum.at(top, numbers, rows)
    np.minimum.at(left, numbers, columns)
    np.maximum.at(bottom, numbers, rows)
    np.maximum.at(right, numbers, columns)
    corners = zip(top.tolist(), left.tolist(), bottom.tolist(), right.tolist(), strict=True)
    found = []
    for number, (first, begin, last, end) in list(enumerate(corners))[1:]:
        box = slice(first, last + 1), slice(begin, end + 1)
        pixels = np.where(labels[box] == number, grid[box], NO_CELL).astype(np.int8, copy=False)
        found.append(Piece(first, begin, pixels))
    return found
