"""Things that move: cells that fall, pieces that slide."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from agentmem.worlds.arc.dsl.geometry import (
    flip_top_bottom,
    rotate_anticlockwise,
    rotate_clockwise,
)
from agentmem.worlds.arc.dsl.values import (
    BLACK,
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Count,
    Direction,
    Grid,
    Piece,
    RoutineError,
)


def drop_cells(grid: Grid, direction: Direction) -> Grid:
    """Lets every cell that is not black fall in one direction as far as there is room.

    Args:
        grid: Where they fall.
        direction: Where to: up, down, left or right.

    Raises:
        RoutineError: the direction is a diagonal.
    """
    there, back = _turned_down(direction)
    turned = there(grid)
    order = np.argsort(turned != BLACK, axis=0, kind="stable")
    return back(np.ascontiguousarray(np.take_along_axis(turned, order, axis=0)))


def move_piece(piece: Piece, direction: Direction, count: Count) -> Piece:
    """The piece at another place.

    Args:
        piece: What moves.
        direction: Where to.
        count: By how many cells.
    """
    return Piece(piece.row + direction[0] * count, piece.column + direction[1] * count, piece.pixels)


def trail(grid: Grid, direction: Direction) -> Grid:
    """Draws each cell that is not black out in one direction, up to the edge or the next coloured cell.

    Args:
        grid: Where lines are drawn.
        direction: Where they go.
    """
    down, right = direction
    if down == 0:
        return np.ascontiguousarray(trail(np.ascontiguousarray(grid.T), (right, down)).T)
    drawn = grid.copy()
    height, width = grid.shape
    for row in range(1, height) if down > 0 else range(height - 2, -1, -1):
        before, here = drawn[row - down], drawn[row]
        seen = slice(max(right, 0), width + min(right, 0))
        came = before[max(-right, 0) : width + min(-right, 0)]
        here[seen] = np.where(here[seen] == BLACK, came, here[seen])
    return drawn


def _turned_down(direction: Direction) -> tuple[Callable[[Grid], Grid], Callable[[Grid], Grid]]:
    """What turns the grid so that a direction points down, and what turns it back.

    Raises:
        RoutineError: the direction is a diagonal.
    """
    if direction == DOWN:
        return np.copy, np.copy
    if direction == UP:
        return flip_top_bottom, flip_top_bottom
    if direction == RIGHT:
        return rotate_clockwise, rotate_anticlockwise
    if direction == LEFT:
        return rotate_anticlockwise, rotate_clockwise
    raise RoutineError(f"direction {direction}", "take up, down, left or right")
