"""Colours: counting them, changing them, plain areas of one."""

from __future__ import annotations

import numpy as np

from agentmem.worlds.arc.dsl.values import BLACK, BLUE, Colour, Count, Grid, RoutineError, at_least_one, sized


def recolour(grid: Grid, old: Colour, new: Colour) -> Grid:
    """Gives all cells of one colour another.

    Args:
        grid: What is recoloured.
        old: The colour that goes.
        new: The colour that comes.
    """
    changed = grid.copy()
    changed[grid == old] = new
    return changed


def swap_colours(grid: Grid, one: Colour, other: Colour) -> Grid:
    """Exchanges two colours: each comes to stand where the other was.

    Args:
        grid: What is recoloured.
        one: A colour.
        other: The colour with which it changes places.
    """
    changed = grid.copy()
    changed[grid == one] = other
    changed[grid == other] = one
    return changed


def keep_colour(grid: Grid, colour: Colour) -> Grid:
    """Turns all black but the cells of one colour.

    Args:
        grid: What is cleared.
        colour: What stays.
    """
    return sized(np.where(grid == colour, grid, BLACK))


def paint_filled(grid: Grid, colour: Colour) -> Grid:
    """Gives all cells that are not black one colour.

    Args:
        grid: What is painted on.
        colour: Of what is not black.
    """
    return sized(np.where(grid == BLACK, BLACK, colour))


def paint_all(grid: Grid, colour: Colour) -> Grid:
    """A grid of the same size in one colour.

    Args:
        grid: Whose size it has.
        colour: Of all cells.
    """
    return np.full_like(grid, colour)


def silhouette(grid: Grid) -> Grid:
    """Turns all that is not black blue, so that only the form is left.

    Args:
        grid: Whose form is meant.
    """
    return paint_filled(grid, BLUE)


def solid(rows: Count, columns: Count, colour: Colour) -> Grid:
    """A grid of a given size in one colour.

    Args:
        rows: Its height.
        columns: Its width.
        colour: Of all cells.

    Raises:
        RoutineError: a side is not from one cell to the largest.
    """
    at_least_one(rows, "rows")
    return np.full((rows, at_least_one(columns, "columns")), colour, dtype=np.int8)


def single_cell(colour: Colour) -> Grid:
    """A grid of one cell.

    Args:
        colour: Of the cell.
    """
    return np.full((1, 1), colour, dtype=np.int8)


def most_common_colour(grid: Grid) -> Colour:
    """The colour of most cells, black among them; of equals, the lowest.

    Args:
        grid: Whose cells are counted.
    """
    return int(np.bincount(grid.ravel(), minlength=10).argmax())


def main_colour(grid: Grid) -> Colour:
    """The colour of most cells that are not black; of equals, the lowest.

    Args:
        grid: Whose cells are counted.

    Raises:
        RoutineError: all is black.
    """
    return colours_by_count(grid)[0]


def rarest_colour(grid: Grid) -> Colour:
    """The colour of the fewest cells that are not black; of equals, the highest.

    Args:
        grid: Whose cells are counted.

    Raises:
        RoutineError: all is black.
    """
    return colours_by_count(grid)[-1]


def colours_by_count(grid: Grid) -> list[Colour]:
    """The colours that are not black, the most common first; of equals, the lowest.

    Args:
        grid: Whose cells are counted.

    Raises:
        RoutineError: all is black.
    """
    counts = np.bincount(grid.ravel(), minlength=10)
    counts[BLACK] = 0
    order = np.argsort(-counts, kind="stable")
    found = [int(colour) for colour in order if counts[colour]]
    if not found:
        raise RoutineError("a grid that is all black", "take one that has colours")
    return found


def column_of_colours(colours: list[Colour]) -> Grid:
    """A grid of one column with the given colours from top to bottom.

    Args:
        colours: Of the cells.

    Raises:
        RoutineError: there are none, or too many.
    """
    return sized(np.array(colours, dtype=np.int8).reshape(-1, 1))


def count_colours(grid: Grid) -> Count:
    """How many colours there are that are not black.

    Args:
        grid: Whose colours are counted.
    """
    return int((np.bincount(grid.ravel(), minlength=10)[1:] > 0).sum())


def count_filled(grid: Grid) -> Count:
    """How many cells are not black.

    Args:
        grid: Whose cells are counted.
    """
    return int(np.count_nonzero(grid))


def count_colour(grid: Grid, colour: Colour) -> Count:
    """How many cells are of one colour.

    Args:
        grid: Whose cells are counted.
        colour: Which are counted.
    """
    return int(np.count_nonzero(grid == colour))


def corner_colour(grid: Grid) -> Colour:
    """The colour of the cell at the top left.

    Args:
        grid: Whose corner it is.
    """
    return int(grid[0, 0])


def height_of_grid(grid: Grid) -> Count:
    """How many rows the grid has.

    Args:
        grid: What is measured.
    """
    return int(grid.shape[0])


def width_of_grid(grid: Grid) -> Count:
    """How many columns the grid has.

    Args:
        grid: What is measured.
    """
    return int(grid.shape[1])
