"""Connected cells of one value, numbered."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agentmem.worlds.arc.dsl.values import Grid


def labelled(grid: Grid, *, diagonal: bool) -> tuple[NDArray[np.intp], int]:
    """Numbers the connected cells of one value that is not 0, from 1 on in the order of reading.

    Args:
        grid: The values, (height, width).
        diagonal: Whether cells that touch at a corner are connected.

    Returns:
        The number of each cell, (height, width), 0 where the value is 0; and how many there are.
    """
    height, width = grid.shape
    across = width + 1
    flat = [0] * across + [value for row in grid.tolist() for value in (*row, 0)] + [0] * across
    steps: tuple[int, ...] = (1, -1, across, -across)
    if diagonal:
        steps += (across + 1, across - 1, -across + 1, -across - 1)
    numbers = [0] * len(flat)
    count = 0
    for start, value in enumerate(flat):
        if not value or numbers[start]:
            continue
        count += 1
        numbers[start] = count
        waiting = [start]
        while waiting:
            here = waiting.pop()
            for step in steps:
                there = here + step
                if flat[there] == value and not numbers[there]:
                    numbers[there] = count
                    waiting.append(there)
    found = np.array(numbers[across:-across], dtype=np.intp).reshape(height, across)
    return found[:, :width], count
