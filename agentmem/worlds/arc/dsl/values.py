"""What the routines take and give: grids, masks, pieces, colours, counts, directions; and their one error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from agentmem.errors import InvalidInput

Grid: TypeAlias = NDArray[np.int8]
"""Colours in rows and columns, (height, width); no routine changes one that it is given."""
Mask: TypeAlias = NDArray[np.bool_]
"""Cells of a grid that are meant, (height, width)."""
Colour: TypeAlias = int
"""0 to 9; 0 is black, the background."""
Count: TypeAlias = int
"""A number of cells, rows, colours or pieces."""
Direction: TypeAlias = tuple[int, int]
"""A step: rows down, columns to the right."""

LARGEST_SIDE = 60
"""Cells to which a grid may grow on the way to an answer, twice what a task may show."""
NO_CELL = -1
"""Stands in the pixels of a piece where it has no cell."""

BLACK, BLUE, RED, GREEN, YELLOW, GREY, MAGENTA, ORANGE, AZURE, MAROON = range(10)
ONE, TWO, THREE, FOUR, FIVE, SIX = range(1, 7)
UP, DOWN, LEFT, RIGHT = (-1, 0), (1, 0), (0, -1), (0, 1)
UP_LEFT, UP_RIGHT, DOWN_LEFT, DOWN_RIGHT = (-1, -1), (-1, 1), (1, -1), (1, 1)


class RoutineError(InvalidInput):
    """A routine cannot do with these inputs what it says."""


@dataclass(frozen=True, eq=False, slots=True)
class Piece:
    """Cells of a grid that belong together, and where they are.

    Attributes:
        row: Of the uppermost cell.
        column: Of the leftmost cell.
        pixels: The colours within the smallest box around it, (height, width); `NO_CELL` where it has none.
    """

    row: int
    column: int
    pixels: Grid

    @property
    def mask(self) -> Mask:
        """Which cells of its box belong to it."""
        return np.asarray(self.pixels != NO_CELL, dtype=bool)

    @property
    def box(self) -> tuple[slice, slice]:
        """The rows and columns of the grid that it spans."""
        height, width = self.pixels.shape
        return slice(self.row, self.row + height), slice(self.column, self.column + width)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Piece) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[Any, ...]:
        return self.row, self.column, self.pixels.shape, self.pixels.tobytes()


def sized(array: NDArray[Any]) -> Grid:
    """The array as a grid.

    Raises:
        RoutineError: it has no cells, or a side is over `LARGEST_SIDE`.
    """
    room_for(*array.shape)
    return np.ascontiguousarray(array, dtype=np.int8)


def room_for(height: int, width: int) -> None:
    """Holds a size, before anything of it is made, to what a grid may have.

    Raises:
        RoutineError: there are no cells, or a side is over `LARGEST_SIDE`.
    """
    if not (0 < height <= LARGEST_SIDE and 0 < width <= LARGEST_SIDE):
        raise RoutineError(
            f"a grid of {height} by {width} cells", f"sides are 1 to {LARGEST_SIDE} cells; take smaller parts"
        )


def at_least_one(count: Count, what: str) -> Count:
    """The count, where it is one that can be done.

    Raises:
        RoutineError: it is less than one, or more than `LARGEST_SIDE`.
    """
    if not 0 < count <= LARGEST_SIDE:
        raise RoutineError(f"{count} {what}", f"take 1 to {LARGEST_SIDE}")
    return count


def same_shape(one: NDArray[Any], other: NDArray[Any]) -> None:
    """Holds two arrays to have one shape.

    Raises:
        RoutineError: they have two.
    """
    if one.shape != other.shape:
        raise RoutineError(f"shapes {one.shape} and {other.shape} differ", "take two of one shape")
