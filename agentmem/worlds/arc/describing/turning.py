"""A grid that is turned or flipped as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from agentmem.worlds.arc.describing.change import Change, Question, same
from agentmem.worlds.arc.describing.things import Cells


def turns(cells: Cells) -> Iterator[tuple[str, Cells]]:
    """All ways to turn or flip cells, each with what it is called."""
    yield "rotated", np.rot90(cells)
    yield "rotated", np.rot90(cells, 2)
    yield "rotated", np.rot90(cells, 3)
    yield "flipped", np.fliplr(cells)
    yield "flipped", np.flipud(cells)
    yield "transposed", cells.T
    yield "transposed", np.rot90(cells, 2).T


def _turned(change: Change, way: str) -> bool:
    return any(name == way and same(cells, change.after.cells) for name, cells in turns(change.before.cells))


def rotated(change: Change) -> bool:
    """All is rotated."""
    return _turned(change, "rotated")


def flipped(change: Change) -> bool:
    """All is flipped."""
    return _turned(change, "flipped")


def transposed(change: Change) -> bool:
    """All is flipped along a diagonal."""
    return _turned(change, "transposed")


SAYS: Mapping[str, Question] = {
    "The whole grid is rotated.": rotated,
    "The whole grid is flipped (mirrored, reflected).": flipped,
    "The whole grid is transposed: flipped along a diagonal.": transposed,
}
"""What is said where the answer is yes."""
