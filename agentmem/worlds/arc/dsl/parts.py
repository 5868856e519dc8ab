"""Parts of a grid: halves, panels between lines, crops, rings."""

from __future__ import annotations

import numpy as np

from agentmem.worlds.arc.dsl.geometry import flip_left_right, flip_top_bottom
from agentmem.worlds.arc.dsl.values import BLACK, Colour, Count, Grid, Mask, RoutineError, same_shape, sized


def left_half(grid: Grid) -> Grid:
    """The left half of the grid, without a middle column.

    Args:
        grid: What is halved.
    """
    return sized(grid[:, : grid.shape[1] // 2])


def right_half(grid: Grid) -> Grid:
    """The right half of the grid, without a middle column.

    Args:
        grid: What is halved.
    """
    return sized(grid[:, grid.shape[1] - grid.shape[1] // 2 :])


def top_half(grid: Grid) -> Grid:
    """The upper half of the grid, without a middle row.

    Args:
        grid: What is halved.
    """
    return sized(grid[: grid.shape[0] // 2])


def bottom_half(grid: Grid) -> Grid:
    """The lower half of the grid, without a middle row.

    Args:
        grid: What is halved.
    """
    return sized(grid[grid.shape[0] - grid.shape[0] // 2 :])


def first_rows(grid: Grid, count: Count) -> Grid:
    """The uppermost rows of the grid.

    Args:
        grid: What is cut.
        count: How many rows.

    Raises:
        RoutineError: it has not so many.
    """
    if not 0 < count <= grid.shape[0]:
        raise RoutineError(f"{count} of {grid.shape[0]} rows", "take as many as there are, or fewer")
    return sized(grid[:count])


def first_columns(grid: Grid, count: Count) -> Grid:
    """The leftmost columns of the grid.

    Args:
        grid: What is cut.
        count: How many columns.

    Raises:
        RoutineError: it has not so many.
    """
    if not 0 < count <= grid.shape[1]:
        raise RoutineError(f"{count} of {grid.shape[1]} columns", "take as many as there are, or fewer")
    return sized(grid[:, :count])


def last_rows(grid: Grid, count: Count) -> Grid:
    """The lowest rows of the grid.

    Args:
        grid: What is cut.
        count: How many rows.

    Raises:
        RoutineError: it has not so many.
    """
    return flip_top_bottom(first_rows(flip_top_bottom(grid), count))


def last_columns(grid: Grid, count: Count) -> Grid:
    """The rightmost columns of the grid.

    Args:
        grid: What is cut.
        count: How many columns.

    Raises:
        RoutineError: it has not so many.
    """
    return flip_left_right(first_columns(flip_left_right(grid), count))


def replace_last_rows(grid: Grid, rows: Grid) -> Grid:
    """Puts other rows in place of the grid's lowest ones.

    Args:
        grid: What is changed.
        rows: What comes in, of the same width.

    Raises:
        RoutineError: they are higher than the grid, or of another width.
    """
    if rows.shape[0] > grid.shape[0] or rows.shape[1] != grid.shape[1]:
        raise RoutineError(f"rows {rows.shape} for a grid {grid.shape}", "take fewer, of the grid's width")
    return sized(np.vstack((grid[: grid.shape[0] - rows.shape[0]], rows)))


def quarters(grid: Grid) -> list[Grid]:
    """The four quarters of the grid, row by row, without a middle row and column.

    Args:
        grid: What is divided.

    Raises:
        RoutineError: a side is one cell.
    """
    return [half(part) for part in (top_half(grid), bottom_half(grid)) for half in (left_half, right_half)]


def crop_to_content(grid: Grid) -> Grid:
    """The smallest part of the grid that holds all that is not black.

    Args:
        grid: What is cropped.

    Raises:
        RoutineError: all is black.
    """
    return crop_to_mask(grid, grid != BLACK)


def crop_to_mask(grid: Grid, mask: Mask) -> Grid:
    """The smallest part of the grid that holds all cells of a mask.

    Args:
        grid: What is cropped.
        mask: What is to be in it.

    Raises:
        RoutineError: the mask is empty, or of another shape.
    """
    same_shape(grid, mask)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        raise RoutineError("a mask without cells", "take one that has some")
    return sized(grid[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def crop_to_colour(grid: Grid, colour: Colour) -> Grid:
    """The smallest part of the grid that holds all cells of one colour.

    Args:
        grid: What is cropped.
        colour: What is to be in it.

    Raises:
        RoutineError: there is no such cell.
    """
    return crop_to_mask(grid, grid == colour)


def trim(grid: Grid) -> Grid:
    """The grid without its outermost ring of cells.

    Args:
        grid: What is trimmed.

    Raises:
        RoutineError: nothing is left.
    """
    return sized(grid[1:-1, 1:-1])


def surround(grid: Grid, colour: Colour) -> Grid:
    """Puts a ring of one colour around the grid.

    Args:
        grid: What is surrounded.
        colour: Of the ring.

    Raises:
        RoutineError: the result is too large.
    """
    return sized(np.pad(grid, 1, constant_values=colour))


def drop_repeated_rows(grid: Grid) -> Grid:
    """Leaves out each row that is the same as the one above it.

    Args:
        grid: What is made shorter.
    """
    keep = np.ones(grid.shape[0], dtype=bool)
    keep[1:] = (grid[1:] != grid[:-1]).any(axis=1)
    return sized(grid[keep])
