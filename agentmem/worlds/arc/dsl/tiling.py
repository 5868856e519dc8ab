"""Larger grids out of copies of smaller ones, and back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from agentmem.worlds.arc.dsl.values import Count, Grid, Mask, RoutineError, at_least_one, room_for, sized


def beside(left: Grid, right: Grid) -> Grid:
    """Puts two grids of one height side by side.

    Args:
        left: The left one.
        right: The right one.

    Raises:
        RoutineError: their heights differ, or the result is too large.
    """
    if left.shape[0] != right.shape[0]:
        raise RoutineError(f"heights {left.shape[0]} and {right.shape[0]} differ", "take grids of one height")
    return sized(np.hstack((left, right)))


def above(top: Grid, bottom: Grid) -> Grid:
    """Puts a grid on top of another of the same width.

    Args:
        top: The upper one.
        bottom: The lower one.

    Raises:
        RoutineError: their widths differ, or the result is too large.
    """
    if top.shape[1] != bottom.shape[1]:
        raise RoutineError(f"widths {top.shape[1]} and {bottom.shape[1]} differ", "take grids of one width")
    return sized(np.vstack((top, bottom)))


def extend_right(grid: Grid, change: Callable[[Grid], Grid]) -> Grid:
    """Puts a changed copy of the grid to its right.

    Args:
        grid: What is extended.
        change: Makes the copy, as by mirroring.

    Raises:
        RoutineError: the copy has another height, or the result is too large.
    """
    return beside(grid, change(grid))


def extend_down(grid: Grid, change: Callable[[Grid], Grid]) -> Grid:
    """Puts a changed copy of the grid below it.

    Args:
        grid: What is extended.
        change: Makes the copy, as by mirroring.

    Raises:
        RoutineError: the copy has another width, or the result is too large.
    """
    return above(grid, change(grid))


def tile(grid: Grid, rows: Count, columns: Count) -> Grid:
    """Repeats the grid as tiles in rows and columns.

    Args:
        grid: The tile.
        rows: Tiles from top to bottom.
        columns: Tiles from left to right.

    Raises:
        RoutineError: a count is less than one, or the result is too large.
    """
    room_for(grid.shape[0] * rows, grid.shape[1] * columns)
    return np.tile(grid, (rows, columns))


def scale_up(grid: Grid, factor: Count) -> Grid:
    """Enlarges the grid: each cell becomes a square block of its colour.

    Args:
        grid: What is enlarged.
        factor: The side of a block in cells.

    Raises:
        RoutineError: the factor is less than one, or the result is too large.
    """
    room_for(grid.shape[0] * factor, grid.shape[1] * factor)
    return grid.repeat(factor, axis=0).repeat(factor, axis=1)


def scale_down(grid: Grid, factor: Count) -> Grid:
    """Makes the grid smaller: each square block becomes one cell of its most common colour.

    Args:
        grid: What is made smaller.
        factor: The side of a block in cells.

    Raises:
        RoutineError: the sides of the grid are no multiples of the factor.
    """
    at_least_one(factor, "cells a side")
    height, width = grid.shape
    if height % factor or width % factor:
        raise RoutineError(
            f"a grid of {height} by {width} has no whole blocks of {factor}", "take a factor of both sides"
        )
    blocks = grid.reshape(height // factor, factor, width // factor, factor).swapaxes(1, 2)
    counts = (blocks[..., None] == np.arange(10)).sum(axis=(2, 3))
    return sized(counts.argmax(axis=-1))


def place_copies(mask: Mask, copy: Grid) -> Grid:
    """Replaces each cell of a mask by a copy of a grid, and each other cell by as much black.

    Args:
        mask: Where copies stand.
        copy: What is copied.

    Raises:
        RoutineError: the result is too large.
    """
    room_for(mask.shape[0] * copy.shape[0], mask.shape[1] * copy.shape[1])
    return sized(np.kron(mask.astype(np.int8), copy))


def repeat_pattern(grid: Grid, rows: Count, columns: Count) -> Grid:
    """Continues the pattern of the grid's rows and columns to a given size, by its shortest periods.

    Args:
        grid: The beginning of the pattern.
        rows: Height of the result.
        columns: Width of the result.

    Raises:
        RoutineError: the size is not from one cell to the largest.
    """
    at_least_one(rows, "rows")
    at_least_one(columns, "columns")
    down, right = _period_of(grid), _period_of(grid.T)
    return sized(grid[np.arange(rows) % down][:, np.arange(columns) % right])


def repeated_tile(grid: Grid) -> Grid:
    """The smallest tile at the top left that the grid repeats in its rows and columns.

    Args:
        grid: What may be made of tiles.
    """
    return sized(grid[: _period_of(grid), : _period_of(grid.T)])


def _period_of(grid: Grid) -> Count:
    """After how many rows the grid repeats itself; all of its rows, where it does not.

    Args:
        grid: What may repeat itself.
    """
    height = grid.shape[0]
    return next((step for step in range(1, height) if (grid[step:] == grid[:-step]).all()), height)
