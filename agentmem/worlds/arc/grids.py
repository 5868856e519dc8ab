"""Grids of ARC: what one is, as text, and in a terminal's colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentmem.errors import InvalidInput

if TYPE_CHECKING:
    from rich.text import Text

Grid = tuple[tuple[int, ...], ...]
"""Rows of cells, top to bottom and left to right; a cell is a colour, 0 to 9. It can be hashed."""

MAX_SIDE = 30
"""Rows, and columns, that a grid has at most (ARC-AGI's own limit)."""
COLOURS = 10
"""How many colours there are."""
NAMES = ("black", "blue", "red", "green", "yellow", "grey", "magenta", "orange", "sky", "maroon")
"""What the colours are called, by number."""
PALETTE = (
    "#000000",
    "#0074d9",
    "#ff4136",
    "#2ecc40",
    "#ffdc00",
    "#aaaaaa",
    "#f012be",
    "#ff851b",
    "#7fdbff",
    "#870c25",
)
"""How the colours look, by number: those of ARC's own testing interface."""


def grid_of(value: Any, where: str = "the grid", error: type[InvalidInput] = InvalidInput) -> Grid:
    """The grid that `value` is: lists, tuples or a numpy array of whole numbers.

    Whole numbers may be floats (`3.0`), as numpy makes them; truth values are none.

    Args:
        value: Rows of cells.
        where: What messages call it.
        error: What is raised.

    Raises:
        InvalidInput: it is empty, ragged, larger than 30 x 30, or a cell is no colour; names row and column,
            from 1.
    """
    plain = value.tolist() if hasattr(value, "tolist") else value
    fault = _fault(plain)
    if fault is not None:
        raise error(f"{where} {fault}", "a grid is 1 to 30 rows of 1 to 30 equally many cells, each 0 to 9")
    return tuple(tuple(int(cell) for cell in row) for row in plain)


def _fault(rows: Any) -> str | None:
    """What is wrong with rows of cells."""
    if not isinstance(rows, list | tuple):
        return f"is {type(rows).__name__}, not rows of cells"
    if not rows:
        return "is empty"
    if len(rows) > MAX_SIDE:
        return f"has {len(rows)} rows"
    for number, row in enumerate(rows, 1):
        fault = _row_fault(row, number, rows[0])
        if fault is not None:
            return fault
    return None


def _row_fault(row: Any, number: int, first: Any) -> str | None:
    if not isinstance(row, list | tuple):
        return f"has as row {number} {type(row).__name__}, not a row of cells"
    if not row:
        return f"has an empty row {number}"
    if len(row) > MAX_SIDE:
        return f"has {len(row)} cells in row {number}"
    if len(row) != len(first):
        return f"is ragged: row {number} has {len(row)} cells, row 1 has {len(first)}"
    for column, cell in enumerate(row, 1):
        if not _is_colour(cell):
            return f"has {_short(cell)} in row {number}, column {column}"
    return None


def _is_colour(cell: Any) -> bool:
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return False
    return 0 <= cell < COLOURS and cell == int(cell)


def _short(cell: Any) -> str:
    said = repr(cell) if isinstance(cell, int | float | str | None) else type(cell).__name__
    return said if len(said) <= MAX_SIDE else f"{said[:MAX_SIDE]}…"


def shape(grid: Grid) -> tuple[int, int]:
    """How many rows and columns it has."""
    return len(grid), len(grid[0])


def text_of(grid: Grid, separator: str = " ") -> str:
    """A grid as text: one line a row, a digit a cell."""
    return "\n".join(separator.join(map(str, row)) for row in grid)


def coloured(grid: Grid) -> Text:
    """A grid for a terminal that shows colours: two blanks a cell."""
    from rich.text import Text

    shown = Text(no_wrap=True)
    for number, row in enumerate(grid):
        if number:
            shown.append("\n")
        for cell in row:
            shown.append("  ", style=f"on {PALETTE[cell]}")
    return shown
