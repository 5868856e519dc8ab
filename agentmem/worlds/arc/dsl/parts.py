"""Parts of a grid: halves, panels between lines, crops, rings."""

from __future__ import annotations

import numpy as np

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


def drop_rows_of(grid: Grid, colour: Colour) -> Grid:
    """Leaves out each row that is wholly of one colour.

    Args:
        grid: What is made shorter.
        colour: Of the rows that go.

    Raises:
        RoutineError: nothing is left.
    """
    return sized(grid[(grid != colour).any(axis=1)])


def divider_rows(grid: Grid) -> list[int]:
    """Rows that are one straight line of a colour that is not black, from edge to edge.

    Args:
        grid: Where lines are looked for.
    """
    straight = (grid == grid[:, :1]).all(axis=1) & (grid[:, 0] != BLACK)
    return [int(row) for row in np.flatnonzero(straight)]


def panels(grid: Grid) -> list[Grid]:
    """The parts into which straight lines from edge to edge divide the grid, row by row.

    Args:
        grid: What is divided.

    Raises:
        RoutineError: there is no such line.
    """
    rows, columns = divider_rows(grid), divider_rows(np.ascontiguousarray(grid.T))
    parts = [
        sized(grid[top:bottom, left:right])
        for top, bottom in _between(rows, grid.shape[0])
        for left, right in _between(columns, grid.shape[1])
    ]
    if len(parts) < 2:  # noqa: PLR2004  one part is no division
        raise RoutineError("a grid without dividing lines", "take one that has some, or use square_panels")
    return parts


def square_panels(grid: Grid) -> list[Grid]:
    """Cuts an oblong grid into squares along its longer side.

    Args:
        grid: What is cut.

    Raises:
        RoutineError: no whole number of squares, two or more, fills it.
    """
    height, width = grid.shape
    side = min(height, width)
    if max(height, width) % side or height == width:
        raise RoutineError(f"a grid of {height} by {width} is no row of squares", "use panels")
    if width > height:
        return [sized(grid[:, start : start + side]) for start in range(0, width, side)]
    return [sized(grid[start : start + side]) for start in range(0, height, side)]


def _between(lines: list[int], end: int) -> list[tuple[int, int]]:
    """Starts and ends of what lies between lines."""
    starts, ends = [0, *(line + 1 for line in lines)], [*lines, end]
    return [(start, stop) for start, stop in zip(starts, ends, strict=True) if start < stop]
