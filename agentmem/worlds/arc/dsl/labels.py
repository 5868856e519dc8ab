"""Connected cells of one value, numbered."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agentmem.worlds.arc.dsl.values import Grid


def labelled(grid: Grid, *, diagonal: bool) -> tuple[NDArray[np.intp], int]:
    """Numbers the connected cells of one value that is not 0, from 1 on in the order of reading.

    Rows are taken as runs of one value, and runs that touch those above them are joined (union by the first).

    Args:
        grid: The values, (height, width).
        diagonal: Whether cells that touch at a corner are connected.

    Returns:
        The number of each cell, (height, width), 0 where the value is 0; and how many there are.
    """
    height, width = grid.shape
    across = width + 1
    wide = np.zeros((height, across), dtype=grid.dtype)
    wide[:, :width] = grid
    flat = wide.ravel()
    starts = np.concatenate(([0], np.flatnonzero(flat[1:] != flat[:-1]) + 1))
    ends = np.append(starts[1:], flat.size)
    filled = flat[starts] != 0
    runs = list(
        zip(starts[filled].tolist(), ends[filled].tolist(), flat[starts[filled]].tolist(), strict=True)
    )
    numbers, count = _numbered(_joined(runs, across, 1 if diagonal else 0))
    of_run = np.zeros(starts.size, dtype=np.intp)
    of_run[filled] = numbers
    return of_run.repeat(ends - starts).reshape(height, across)[:, :width], count


def _joined(runs: list[tuple[int, int, int]], across: int, reach: int) -> list[int]:
    """For each run, start, end and value, one before it with which it is connected, or itself."""
    first = list(range(len(runs)))
    oldest = 0
    for place, (start, end, value) in enumerate(runs):
        left, right = start - across - reach, end - across + reach
        while runs[oldest][1] <= left:
            oldest += 1
        above = oldest
        while above < place and runs[above][0] < right:
            if runs[above][2] == value:
                one, other = _first(first, above), _first(first, place)
                first[max(one, other)] = min(one, other)
            above += 1
    return first


def _first(first: list[int], place: int) -> int:
    """The first run with which one is connected; the way there is made shorter."""
    while first[place] != place:
        first[place] = first[first[place]]
        place = first[place]
    return place


def _numbered(first: list[int]) -> tuple[list[int], int]:
    """The number of each run, from 1 on, and how many numbers there are."""
    numbers: list[int] = []
    count = 0
    for place in range(len(first)):
        root = _first(first, place)
        if root == place:
            count += 1
            numbers.append(count)
        else:
            numbers.append(numbers[root])
    return numbers, count
