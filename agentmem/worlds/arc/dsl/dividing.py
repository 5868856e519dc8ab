"""Panels: the parts into which lines, or squares in a row, divide a grid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np

from agentmem.worlds.arc.dsl.values import BLACK, Colour, Grid, RoutineError, sized


def panels(grid: Grid) -> list[Grid]:
    """The parts into which straight lines of one colour from edge to edge divide the grid, row by row.

    The colour is that of most such lines; black lines divide only where there are no others.

    Args:
        grid: What is divided.

    Raises:
        RoutineError: there is no such line.
    """
    return [sized(grid[box]) for box in _boxes(grid)]


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


def change_panels(grid: Grid, change: Callable[[Grid], Grid]) -> Grid:
    """Changes each part into which straight lines divide the grid in the same way, and keeps the lines.

    Args:
        grid: What is divided.
        change: How; it keeps the size.

    Raises:
        RoutineError: there is no such line, or the change alters a size.
    """
    changed = grid.copy()
    for box in _boxes(grid):
        new = change(sized(grid[box]))
        if new.shape != grid[box].shape:
            raise RoutineError(f"a change of {grid[box].shape} to {new.shape}", "take one that keeps sizes")
        changed[box] = new
    return changed


def panels_to_cells(grid: Grid, colour: Callable[[Grid], Colour]) -> Grid:
    """A grid with one cell for each part into which straight lines divide the grid.

    Args:
        grid: What is divided.
        colour: The colour of a part's cell.

    Raises:
        RoutineError: there is no such line.
    """
    colours = [colour(panel) for panel in panels(grid)]
    across = len({box[1].start for box in _boxes(grid)})
    return sized(np.array(colours, dtype=np.int8).reshape(-1, across))


def _boxes(grid: Grid) -> list[tuple[slice, slice]]:
    """Rows and columns of each part.

    Raises:
        RoutineError: there is no dividing line.
    """
    rows, columns = _dividers(grid)
    boxes = [
        (slice(top, bottom), slice(left, right))
        for top, bottom in _between(rows, grid.shape[0])
        for left, right in _between(columns, grid.shape[1])
    ]
    if len(boxes) < 2:  # noqa: PLR2004  one part is no division
        raise RoutineError("a grid without dividing lines", "take one that has some, or use square_panels")
    return boxes


def _dividers(grid: Grid) -> tuple[list[int], list[int]]:
    """Rows and columns that are lines from edge to edge, of the colour of most; black comes last."""
    rows, columns = _straight(grid), _straight(grid.T)
    counts = Counter((*rows.values(), *columns.values()))
    colour = max(counts, key=lambda one: (one != BLACK, counts[one], -one), default=BLACK)
    return _lines_of(rows, colour), _lines_of(columns, colour)


def _straight(grid: Grid) -> dict[int, Colour]:
    """The rows that are of one colour, and which."""
    return {int(row): int(grid[row, 0]) for row in np.flatnonzero((grid == grid[:, :1]).all(axis=1))}


def _lines_of(lines: dict[int, Colour], colour: Colour) -> list[int]:
    return [line for line, one in lines.items() if one == colour]


def _between(lines: list[int], end: int) -> list[tuple[int, int]]:
    """Starts and ends of what lies between lines."""
    starts, ends = [0, *(line + 1 for line in lines)], [*lines, end]
    return [(start, stop) for start, stop in zip(starts, ends, strict=True) if start < stop]
