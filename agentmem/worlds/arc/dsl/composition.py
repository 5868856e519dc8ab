"""Putting grids over each other, and doing things repeatedly, in part, or on a condition."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from agentmem.worlds.arc.dsl.values import BLACK, Grid, RoutineError, same_shape

MOST_ROUNDS = 60
"""After how many rounds a change that never settles is given up."""


def until_stable(grid: Grid, change: Callable[[Grid], Grid]) -> Grid:
    """Changes the grid again and again until nothing changes any more.

    Args:
        grid: What is changed.
        change: What is done each time.

    Raises:
        RoutineError: it does not settle.
    """
    here = grid
    for _ in range(MOST_ROUNDS):
        after = change(here)
        if np.array_equal(after, here):
            return here
        here = after
    raise RoutineError(f"a change that goes on after {MOST_ROUNDS} rounds", "take one that settles")


def as_it_is(grid: Grid) -> Grid:
    """The grid itself, unchanged.

    Args:
        grid: Which.
    """
    return grid


def overlay(bottom: Grid, top: Grid) -> Grid:
    """Lays a grid over another of its size; its black cells let the lower one show.

    Args:
        bottom: The lower one.
        top: The upper one.

    Raises:
        RoutineError: their sizes differ.
    """
    same_shape(bottom, top)
    return np.where(top == BLACK, bottom, top).astype(np.int8)


def overlay_all(grids: list[Grid]) -> Grid:
    """Lays grids of one size over each other; black cells let lower ones show.

    Args:
        grids: From the lowest to the uppermost.

    Raises:
        RoutineError: there is none, or sizes differ.
    """
    if not grids:
        raise RoutineError("no grids to lay over each other", "take a list that has some")
    whole = grids[0]
    for grid in grids[1:]:
        whole = overlay(whole, grid)
    return whole


def map_grids(grids: list[Grid], change: Callable[[Grid], Grid]) -> list[Grid]:
    """Changes each grid in the same way.

    Args:
        grids: What is changed.
        change: How.
    """
    return [change(grid) for grid in grids]


def along_columns(grid: Grid, change: Callable[[Grid], Grid]) -> Grid:
    """Does to the columns of the grid, from left to right, what a change does to rows from top to bottom.

    Args:
        grid: What is changed.
        change: How rows would be changed.
    """
    return np.ascontiguousarray(change(np.ascontiguousarray(grid.T)).T)


def choose(condition: bool, yes: Grid, no: Grid) -> Grid:
    """One of two grids, by whether something holds.

    Args:
        condition: What may hold.
        yes: The grid where it does.
        no: The grid where it does not.
    """
    return yes if condition else no
