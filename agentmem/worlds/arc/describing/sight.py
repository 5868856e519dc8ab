"""What is seen in one grid: its background, its things, its symmetries, its panels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from agentmem.worlds.arc.describing.things import Cells, Mask, Thing, components, enclosed, thing_of
from agentmem.worlds.arc.grids import COLOURS, Grid

_GROUND_SHARE = 0.25
"""Share of a grid from which on black is its background, whatever there is more of."""
_OTHER_GROUND_SHARE = 0.5
"""Share of a grid from which on another colour is."""


@dataclass(frozen=True, eq=False)
class Panels:
    """A grid that lines of one colour divide into parts of equal size.

    Attributes:
        rows: How many parts lie below each other.
        columns: How many lie beside each other.
        parts: The parts, row by row.
        colour: Of the lines; none: no line is between two equal halves.
    """

    rows: int
    columns: int
    parts: tuple[Cells, ...]
    colour: int | None


class View:
    """A grid, looked at.

    Args:
        grid: The grid.
    """

    def __init__(self, grid: Grid) -> None:
        self.cells: Cells = np.array(grid, dtype=np.int64)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.cells.shape[0], self.cells.shape[1]

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """How many cells each colour has."""
        return np.bincount(self.cells.ravel(), minlength=COLOURS)

    @cached_property
    def background(self) -> int:
        """Black where a quarter of the grid is; or else the commonest colour."""
        return 0 if self.counts[0] >= _GROUND_SHARE * self.cells.size else int(self.counts.argmax())

    @cached_property
    def has_background(self) -> bool:
        """Whether so much is of one colour that the rest stands on it."""
        share = float(self.counts[self.background]) / self.cells.size
        return share >= (_GROUND_SHARE if self.background == 0 else _OTHER_GROUND_SHARE)

    @cached_property
    def colours(self) -> frozenset[int]:
        """The colours in it, but for the background."""
        return frozenset(np.flatnonzero(self.counts).tolist()) - {self.background}

    @cached_property
    def figure(self) -> Mask:
        """What is not background."""
        figure: Mask = self.cells != self.background
        return figure

    @cached_property
    def things(self) -> tuple[Thing, ...]:
        """Things of one colour each; cells touch at corners too."""
        masks = [part for colour in sorted(self.colours) for part in components(self.cells == colour)]
        return tuple(thing_of(self.cells, mask) for mask in masks)

    @cached_property
    def groups(self) -> tuple[Thing, ...]:
        """Things of any colours."""
        return tuple(thing_of(self.cells, mask) for mask in components(self.figure))

    @cached_property
    def box(self) -> Cells | None:
        """What is within the box around all that is not background; none: there is nothing."""
        return thing_of(self.cells, self.figure).cells if self.figure.any() else None

    @cached_property
    def enclosures(self) -> list[Mask]:
        """Areas of background that are closed off from the edge."""
        return enclosed(~self.figure)

    @cached_property
    def symmetries(self) -> frozenset[str]:
        """How it looks the same: `left-right`, `top-bottom`, `diagonal`, `turned`."""
        return frozenset(symmetries(self.cells))

    @cached_property
    def period(self) -> tuple[int, int] | None:
        """Rows and columns of a tile of which all of it is made; none: of none smaller than half of it."""
        return period(self.cells)

    @cached_property
    def lines(self) -> tuple[list[int], list[int], int] | None:
        """Rows and columns that are of one colour from edge to edge, and that colour, where it is one."""
        for colour in sorted(self.colours, key=lambda one: int(self.counts[one])):
            own = self.cells == colour
            rows, columns = np.flatnonzero(own.all(axis=1)), np.flatnonzero(own.all(axis=0))
            if (len(rows) or len(columns)) and max(len(rows), len(columns)) * 2 <= max(self.shape):
                return rows.tolist(), columns.tolist(), colour
        return None

    @cached_property
    def panels(self) -> Panels | None:
        """The parts into which lines divide it, or the halves of one that is twice as long as wide."""
        if self.lines is not None:
            rows, columns, colour = self.lines
            spans = [_spans(lines, length) for lines, length in zip((rows, columns), self.shape, strict=True)]
            if len(spans[0]) * len(spans[1]) > 1 and all(len({b - a for a, b in one}) == 1 for one in spans):
                parts = tuple(self.cells[a:b, c:d] for a, b in spans[0] for c, d in spans[1])
                return Panels(len(spans[0]), len(spans[1]), parts, colour)
        high, wide = self.shape
        if wide == 2 * high and wide > 2:  # noqa: PLR2004  two squares
            return Panels(1, 2, (self.cells[:, :high], self.cells[:, high:]), None)
        if high == 2 * wide and high > 2:  # noqa: PLR2004
            return Panels(2, 1, (self.cells[:wide], self.cells[wide:]), None)
        return None


def _spans(lines: list[int], length: int) -> list[tuple[int, int]]:
    """What lies between lines, from and to."""
    edges = [-1, *lines, length]
    return [(a + 1, b) for a, b in pairwise(edges) if b - a > 1]


def symmetries(cells: Cells) -> Iterator[str]:
    """How cells look the same."""
    if (cells == np.fliplr(cells)).all():
        yield "left-right"
    if (cells == np.flipud(cells)).all():
        yield "top-bottom"
    if cells.shape[0] == cells.shape[1] and (
        (cells == cells.T).all() or (cells == np.rot90(cells, 2).T).all()
    ):
        yield "diagonal"
    if (cells == np.rot90(cells, 2)).all():
        yield "turned"


def period(cells: Cells, hidden: Mask | None = None) -> tuple[int, int] | None:
    """Rows and columns of the smallest tile whose repetition gives `cells`, where these are not hidden.

    One of the two may be as long as the grid. None: no tile is at most half of the grid in the other.
    """
    known = np.ones(cells.shape, dtype=bool) if hidden is None else ~hidden

    def repeats(axis: int) -> int:
        length = int(cells.shape[axis])
        for step in range(1, length // 2 + 1):
            first, second = (
                np.take(cells, range(*span), axis) for span in ((0, length - step), (step, length))
            )
            seen = np.take(known, range(length - step), axis) & np.take(known, range(step, length), axis)
            if (first == second)[seen].all():
                return step
        return length

    rows, columns = repeats(0), repeats(1)
    return (rows, columns) if rows * columns * 2 <= cells.size and len(np.unique(cells)) > 1 else None
