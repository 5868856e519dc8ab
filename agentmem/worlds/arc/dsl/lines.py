"""Straight lines: between cells of one colour, and from cells outward."""

from __future__ import annotations

import numpy as np

from agentmem.worlds.arc.dsl.values import BLACK, Direction, Grid, Mask


def cells_between(mask: Mask) -> Mask:
    """The cells that lie in a row or column between two cells of a mask, and these.

    Args:
        mask: What is joined.
    """
    return row_cells_between(mask) | row_cells_between(mask.T).T


def row_cells_between(mask: Mask) -> Mask:
    """The cells that lie in a row between two cells of a mask, and these.

    Args:
        mask: What is joined.
    """
    before = np.logical_or.accumulate(mask, axis=1)
    after = np.logical_or.accumulate(mask[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(before & after, dtype=bool)


def connect_colours(grid: Grid) -> Grid:
    """Joins cells of one colour in a row or column by lines of it; columns go over rows.

    Args:
        grid: Where lines are drawn.
    """
    drawn = connect_in_rows(grid)
    for colour in np.unique(grid[grid != BLACK]):
        drawn[row_cells_between((grid == colour).T).T] = colour
    return drawn


def connect_in_rows(grid: Grid) -> Grid:
    """Joins cells of one colour in a row by lines of it.

    Args:
        grid: Where lines are drawn.
    """
    drawn = grid.copy()
    for colour in np.unique(grid[grid != BLACK]):
        drawn[row_cells_between(grid == colour)] = colour
    return drawn


def connect_diagonally(grid: Grid) -> Grid:
    """Joins cells of one colour on a diagonal by lines of it.

    Args:
        grid: Where lines are drawn.
    """
    drawn = grid.copy()
    for colour in np.unique(grid[grid != BLACK]):
        mask = grid == colour
        for there, back in (((1, 1), (-1, -1)), ((1, -1), (-1, 1))):
            drawn[cells_ahead(mask, there) & cells_ahead(mask, back)] = colour
    return drawn


def cells_ahead(mask: Mask, direction: Direction) -> Mask:
    """The cells that lie in one direction from those of a mask, up to the edge, without these.

    Args:
        mask: From where.
        direction: Where to.
    """
    height, width = mask.shape
    seen, reach = mask.copy(), 1
    while reach < max(height, width):
        down, right = direction[0] * reach, direction[1] * reach
        if abs(down) < height and abs(right) < width:
            came = seen[_overlap(height, down), _overlap(width, right)].copy()
            seen[_overlap(height, -down), _overlap(width, -right)] |= came
        reach *= 2
    return seen & ~mask


def crosses_through(mask: Mask) -> Mask:
    """All cells of the rows and columns in which a mask has a cell.

    Args:
        mask: Through which.
    """
    return np.asarray(mask.any(axis=1, keepdims=True) | mask.any(axis=0, keepdims=True), dtype=bool)


def diagonals_through(mask: Mask) -> Mask:
    """The cells of a mask and all that lie diagonally from them, up to the edge.

    Args:
        mask: Through which.
    """
    found = mask.copy()
    for direction in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        found |= cells_ahead(mask, direction)
    return found


def _overlap(cells: int, step: int) -> slice:
    """Those of a number of cells in a line that are still among them after a step."""
    return slice(max(-step, 0), cells - max(step, 0))
