"""Symmetry and period: seen, and used to fill what is missing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from agentmem.worlds.arc.dsl.values import BLACK, Grid, RoutineError


def is_unchanged(grid: Grid, change: Callable[[Grid], Grid]) -> bool:
    """Whether a change, as mirroring, leaves the grid as it is.

    Args:
        grid: What is looked at.
        change: What is done to it.
    """
    return bool(np.array_equal(grid, change(grid)))


def fill_from(grid: Grid, change: Callable[[Grid], Grid]) -> Grid:
    """Fills black cells from a changed copy of the grid, as by mirroring.

    Args:
        grid: What is filled.
        change: Makes the copy; it keeps the size.

    Raises:
        RoutineError: the copy has another size.
    """
    other = change(grid)
    if other.shape != grid.shape:
        raise RoutineError(f"a change of {grid.shape} to {other.shape}", "take one that keeps the size")
    return np.where(grid == BLACK, other, grid).astype(np.int8)


def fill_by_period(grid: Grid) -> Grid:
    """Fills black cells by the smallest tile with which all other cells agree.

    Args:
        grid: What is filled.

    Raises:
        RoutineError: no tile smaller than the grid shows all that is missing.
    """
    height, width = grid.shape
    sizes = [(rows, columns) for rows in _periods(grid) for columns in _periods(grid.T)]
    for rows, columns in sorted(sizes, key=lambda size: (size[0] * size[1], size)):
        tile = _tile(grid, rows, columns)
        if tile is not None:
            down, right = -(-height // rows), -(-width // columns)
            return np.ascontiguousarray(np.tile(tile, (down, right))[:height, :width])
    raise RoutineError("a grid without a period", "take one whose cells repeat")


def _periods(grid: Grid) -> list[int]:
    """The numbers of rows after which the grid may repeat itself, by its cells that are not black."""
    height = grid.shape[0]
    agreeing = [
        step
        for step in range(1, height)
        if ((grid[step:] == grid[:-step]) | (grid[step:] == BLACK) | (grid[:-step] == BLACK)).all()
    ]
    return [*agreeing, height]


def _tile(grid: Grid, rows: int, columns: int) -> Grid | None:
    """The tile of a size of which the grid is made, black cells aside; none, where it is not."""
    height, width = grid.shape
    down, right = -(-height // rows), -(-width // columns)
    if down * right == 1:
        return None
    wide = np.zeros((down * rows, right * columns), dtype=np.int8)
    wide[:height, :width] = grid
    blocks = wide.reshape(down, rows, right, columns)
    tile = blocks.max(axis=(0, 2))
    agrees = ((blocks == BLACK) | (blocks == tile[None, :, None, :])).all()
    return tile if agrees and tile.all() else None
