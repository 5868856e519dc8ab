"""Finding the pieces of which a grid is made."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agentmem.worlds.arc.dsl.labels import labelled
from agentmem.worlds.arc.dsl.values import BLACK, NO_CELL, Grid, Mask, Piece, same_shape


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
    found = []
    for number in range(1, count + 1):
        mask = labels == number
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        top, left = int(rows[0]), int(columns[0])
        box = slice(top, int(rows[-1]) + 1), slice(left, int(columns[-1]) + 1)
        pixels = np.where(mask[box], grid[box], NO_CELL).astype(np.int8)
        found.append(Piece(top, left, pixels))
    return found
