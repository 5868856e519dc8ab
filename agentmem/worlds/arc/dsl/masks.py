"""Masks: which cells are meant, combined, grown, and painted."""

from __future__ import annotations

import numpy as np

from agentmem.worlds.arc.dsl.labels import labelled
from agentmem.worlds.arc.dsl.values import BLACK, Colour, Grid, Mask, same_shape, sized


def cells_of(grid: Grid, colour: Colour) -> Mask:
    """The cells of one colour.

    Args:
        grid: Where they are.
        colour: Which are meant.
    """
    return np.asarray(grid == colour, dtype=bool)


def filled_cells(grid: Grid) -> Mask:
    """The cells that are not black.

    Args:
        grid: Where they are.
    """
    return np.asarray(grid != BLACK, dtype=bool)


def all_but(mask: Mask) -> Mask:
    """All cells that a mask leaves out.

    Args:
        mask: What is left out.
    """
    return ~mask


def both(one: Mask, other: Mask) -> Mask:
    """The cells that are in two masks.

    Args:
        one: A mask.
        other: Another of the same shape.

    Raises:
        RoutineError: their shapes differ.
    """
    same_shape(one, other)
    return one & other


def either(one: Mask, other: Mask) -> Mask:
    """The cells that are in one of two masks or in both.

    Args:
        one: A mask.
        other: Another of the same shape.

    Raises:
        RoutineError: their shapes differ.
    """
    same_shape(one, other)
    return one | other


def exactly_one(one: Mask, other: Mask) -> Mask:
    """The cells that are in one of two masks but not in the other.

    Args:
        one: A mask.
        other: Another of the same shape.

    Raises:
        RoutineError: their shapes differ.
    """
    same_shape(one, other)
    return one ^ other


def neither(one: Mask, other: Mask) -> Mask:
    """The cells that are in none of two masks.

    Args:
        one: A mask.
        other: Another of the same shape.

    Raises:
        RoutineError: their shapes differ.
    """
    same_shape(one, other)
    return ~(one | other)


def paint(grid: Grid, mask: Mask, colour: Colour) -> Grid:
    """Gives the cells of a mask one colour.

    Args:
        grid: What is painted on.
        mask: Where.
        colour: Which.

    Raises:
        RoutineError: mask and grid differ in shape.
    """
    same_shape(grid, mask)
    painted = grid.copy()
    painted[mask] = colour
    return painted


def paint_empty(grid: Grid, mask: Mask, colour: Colour) -> Grid:
    """Gives the cells of a mask one colour where they are black.

    Args:
        grid: What is painted on.
        mask: Where.
        colour: Which.

    Raises:
        RoutineError: mask and grid differ in shape.
    """
    same_shape(grid, mask)
    return paint(grid, mask & (grid == BLACK), colour)


def pick_cells(mask: Mask, inside: Grid, outside: Grid) -> Grid:
    """Takes the cells of a mask from one grid and all others from another.

    Args:
        mask: Which cells.
        inside: Where those of the mask come from.
        outside: Where the others come from.

    Raises:
        RoutineError: their shapes differ.
    """
    same_shape(mask, inside)
    same_shape(mask, outside)
    return sized(np.where(mask, inside, outside))


def picture_of_mask(mask: Mask, colour: Colour) -> Grid:
    """A grid that shows a mask in one colour on black.

    Args:
        mask: What is shown.
        colour: In which colour.
    """
    return sized(np.where(mask, colour, BLACK))


def enclosed_cells(grid: Grid) -> Mask:
    """The black cells from which no way over black cells, side by side, leads to the edge.

    Args:
        grid: Where walls of other colours enclose them.
    """
    labels, count = labelled((grid == BLACK).astype(np.int8), diagonal=False)
    open_labels = {0, *labels[0], *labels[-1], *labels[:, 0], *labels[:, -1]}
    shut = np.array([label not in open_labels for label in range(count + 1)])
    return np.asarray(shut[labels], dtype=bool)


def rows_through(mask: Mask) -> Mask:
    """All cells of the rows in which a mask has a cell.

    Args:
        mask: Whose rows are meant.
    """
    return np.broadcast_to(mask.any(axis=1, keepdims=True), mask.shape).copy()


def columns_through(mask: Mask) -> Mask:
    """All cells of the columns in which a mask has a cell.

    Args:
        mask: Whose columns are meant.
    """
    return np.broadcast_to(mask.any(axis=0, keepdims=True), mask.shape).copy()


def box_of(mask: Mask) -> Mask:
    """All cells of the smallest box around the cells of a mask, connected or not.

    Args:
        mask: What is boxed.
    """
    box = np.zeros_like(mask)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if rows.size:
        box[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = True
    return box


def uniform_rows(grid: Grid) -> Mask:
    """All cells of the rows that are of one colour from edge to edge.

    Args:
        grid: Whose rows are meant.
    """
    return np.broadcast_to((grid == grid[:, :1]).all(axis=1, keepdims=True), grid.shape).copy()


def uniform_columns(grid: Grid) -> Mask:
    """All cells of the columns that are of one colour from edge to edge.

    Args:
        grid: Whose columns are meant.
    """
    return np.ascontiguousarray(uniform_rows(grid.T).T)


def every_second_column(grid: Grid) -> Mask:
    """All cells of the second, the fourth and each further second column.

    Args:
        grid: Whose columns are meant.
    """
    mask = np.zeros(grid.shape, dtype=bool)
    mask[:, 1::2] = True
    return mask


def edge_cells(grid: Grid) -> Mask:
    """The cells at the edge of the grid.

    Args:
        grid: Whose edge is meant.
    """
    edge = np.ones(grid.shape, dtype=bool)
    edge[1:-1, 1:-1] = False
    return edge


def diagonal_cells(grid: Grid) -> Mask:
    """The cells on the diagonal that goes down to the right from the top left.

    Args:
        grid: Whose diagonal is meant.
    """
    return np.eye(*grid.shape, dtype=np.bool_)
