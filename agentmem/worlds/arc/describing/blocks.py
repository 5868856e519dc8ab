"""Outputs made of blocks: tiled, magnified, shrunk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from agentmem.worlds.arc.describing.change import Change, Question, same, times_as_large
from agentmem.worlds.arc.describing.sight import period
from agentmem.worlds.arc.describing.things import Cells
from agentmem.worlds.arc.describing.turning import turns


def _blocks(cells: Cells, rows: int, columns: int) -> Iterator[Cells]:
    """Cells cut into so many blocks, row by row."""
    for band in np.split(cells, rows, axis=0):
        yield from np.split(band, columns, axis=1)


def is_a_multiple(change: Change) -> bool:
    """The output is some whole times as large as the input."""
    return times_as_large(change.before.shape, change.after.shape) is not None


def is_a_fraction(change: Change) -> bool:
    """The input is some whole times as large as the output."""
    return times_as_large(change.after.shape, change.before.shape) is not None


def magnifies(change: Change) -> bool:
    """Each cell becomes a block."""
    times = times_as_large(change.before.shape, change.after.shape)
    return times is not None and same(
        np.kron(change.before.cells, np.ones(times, dtype=np.int64)), change.after.cells
    )


def shrinks(change: Change) -> bool:
    """Each block becomes a cell."""
    times = times_as_large(change.after.shape, change.before.shape)
    return times is not None and same(
        np.kron(change.after.cells, np.ones(times, dtype=np.int64)), change.before.cells
    )


def _all_blocks(change: Change, allowed: Callable[[Cells], bool]) -> bool:
    times = times_as_large(change.before.shape, change.after.shape)
    return times is not None and all(map(allowed, _blocks(change.after.cells, *times)))


def tiles(change: Change) -> bool:
    """The output repeats the input."""
    return _all_blocks(change, lambda block: same(block, change.before.cells))


def tiles_with_flips(change: Change) -> bool:
    """The output repeats the input, turned or flipped."""
    ways = [change.before.cells, *(cells for _, cells in turns(change.before.cells))]
    return not tiles(change) and _all_blocks(change, lambda block: any(same(block, way) for way in ways))


def tiles_with_gaps(change: Change) -> bool:
    """The output has the input in some blocks, and nothing in others."""
    background = change.before.background
    return not tiles(change) and _all_blocks(
        change, lambda block: same(block, change.before.cells) or bool((block == background).all())
    )


def contains_input(change: Change) -> bool:
    """The input stands in the output as it is."""
    if change.same_size or any(a > b for a, b in zip(change.before.shape, change.after.shape, strict=True)):
        return False
    windows = np.lib.stride_tricks.sliding_window_view(change.after.cells, change.before.shape)
    return bool((windows == change.before.cells).all(axis=(2, 3)).any())


def adds_a_border(change: Change) -> bool:
    """The output is the input with a border around it."""
    inner = change.after.cells[1:-1, 1:-1]
    return same(inner, change.before.cells)


def drops_repeats(change: Change) -> bool:
    """Rows and columns that are as the one before are left out."""
    if change.same_size:
        return False
    box = change.before.box
    return any(
        same(_fresh(cells), change.after.cells) for cells in (change.before.cells, box) if cells is not None
    )


def _fresh(cells: Cells) -> Cells:
    """Cells without the rows and columns that are as the one before."""
    kept = cells
    for axis in (0, 1):
        lines = np.moveaxis(kept, axis, 0)
        fresh = np.concatenate([[True], (lines[1:] != lines[:-1]).any(axis=1)])
        kept = np.compress(fresh, kept, axis)
    return kept


def is_a_tile(change: Change) -> bool:
    """The output is the tile of which the input is made."""
    tile = period(change.before.cells)
    return (
        tile is not None
        and tile == change.after.shape
        and same(change.before.cells[: tile[0], : tile[1]], change.after.cells)
    )


SAYS: Mapping[str, Question] = {
    "The output is a whole number of times as large as the input.": is_a_multiple,
    "The input is a whole number of times as large as the output.": is_a_fraction,
    "The grid is scaled up: each cell becomes a block (magnify, zoom).": magnifies,
    "The grid is scaled down: each block becomes a cell.": shrinks,
    "The input is repeated as tiles.": tiles,
    "The input is repeated in flipped or rotated copies: mirrored tiling, kaleidoscope.": tiles_with_flips,
    "Copies of the input stand in some blocks and others stay empty: fractal, self-similar.": tiles_with_gaps,
    "The input stands unchanged within the larger output.": contains_input,
    "A border is added around the grid.": adds_a_border,
    "Repeated rows and columns are left out: compression of a coarse picture.": drops_repeats,
    "The output is the smallest tile of the repeating pattern.": is_a_tile,
}
"""What is said where the answer is yes."""
