"""Things in a grid: cells that touch, their shapes and their holes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Cells = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Thing:
    """Cells that touch and are not background.

    Attributes:
        top: Its first row.
        left: Its first column.
        cells: Its bounding box, as it is in the grid.
        mask: Which cells of the box are its own.
    """

    top: int
    left: int
    cells: Cells
    mask: Mask

    @property
    def height(self) -> int:
        """Rows of its box."""
        return int(self.mask.shape[0])

    @property
    def width(self) -> int:
        """Columns of its box."""
        return int(self.mask.shape[1])

    @cached_property
    def size(self) -> int:
        """How many cells it has."""
        return int(self.mask.sum())

    @cached_property
    def colours(self) -> frozenset[int]:
        """Its colours."""
        return frozenset(self.cells[self.mask].tolist())

    @cached_property
    def form(self) -> bytes:
        """Its shape, whatever its place and colours; two of one form have the same."""
        return bytes(self.mask.shape) + self.mask.tobytes()

    @cached_property
    def free_form(self) -> bytes:
        """Its shape, whichever way it is turned or flipped."""
        turned = [np.rot90(side, k) for side in (self.mask, np.fliplr(self.mask)) for k in range(4)]
        return min(bytes(one.shape) + np.ascontiguousarray(one).tobytes() for one in turned)

    @cached_property
    def holes(self) -> int:
        """How many areas it encloses."""
        return len(enclosed(~self.mask))

    @cached_property
    def kind(self) -> str:
        """What it looks like, in a word."""
        high, wide = self.mask.shape
        if self.size == 1:
            return "dot"
        if self.mask.all():
            return "line" if 1 in {high, wide} else "square" if high == wide else "rectangle"
        if high == wide == self.size and (self.mask == np.eye(high, dtype=bool)).all():
            return "diagonal"
        if high == wide == self.size and (np.fliplr(self.mask) == np.eye(high, dtype=bool)).all():
            return "diagonal"
        inner = self.mask[1:-1, 1:-1]
        if inner.size and not inner.any() and self.size == self.mask.size - inner.size:
            return "frame"
        rows, columns = np.atleast_1d(self.mask.all(axis=1)), np.atleast_1d(self.mask.all(axis=0))
        if rows.sum() == columns.sum() == 1 and self.size == high + wide - 1:
            corner = (rows[0] or rows[-1]) and (columns[0] or columns[-1])
            return "corner" if corner else "cross"
        return "shape"


def components(mask: Mask, *, diagonal: bool = True) -> list[Mask]:
    """The parts of a mask whose cells touch."""
    from scipy.ndimage import label

    parts, count = label(mask, structure=np.ones((3, 3)) if diagonal else None)
    return [parts == number for number in range(1, count + 1)]


def enclosed(free: Mask) -> list[Mask]:
    """The parts of `free` that do not reach the edge of the grid (neighbours by side)."""
    return [
        part
        for part in components(free, diagonal=False)
        if not (part[0].any() or part[-1].any() or part[:, 0].any() or part[:, -1].any())
    ]


def thing_of(cells: Cells, mask: Mask) -> Thing:
    """The thing whose cells `mask` says."""
    rows, columns = np.nonzero(mask)
    box = np.s_[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    return Thing(int(rows.min()), int(columns.min()), cells[box], mask[box])
