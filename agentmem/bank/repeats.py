"""What later versions of a record say once more: their texts are in the indexes already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agentmem.db import changed

if TYPE_CHECKING:
    from sqlalchemy import Connection

Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Row numbers of versions, ascending, and that of the version before each, both shape (n,)."""


class Repeats(NamedTuple):
    """Later versions against those before them.

    Attributes:
        before: All that have one.
        fields: By field, those that say the same in it.
        nothing_new: The rows of those that say nothing but what the version before says.
    """

    before: Pairs
    fields: dict[str, Pairs]
    nothing_new: set[int]

    def says_again(self, name: str) -> set[int]:
        """The rows of the versions that say the same in a field."""
        return set(self.fields[name][0].tolist()) if name in self.fields else set()


NONE = Repeats((np.zeros(0, np.int64), np.zeros(0, np.int64)), {}, set())


def read(
    connection: Connection,
    later: Sequence[int],
    known: Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.bool_]],
) -> Repeats:
    """Read what the rows `later` repeat.

    Args:
        connection: What is read.
        later: Rows of versions that are not the first of their record.
        known: Which versions before are at hand, given the rows of both.
    """
    found = changed.repeats(connection, later) if later else []
    before = {row: last for row, _, last, _ in found if last is not None}
    rows, lasts = _pairs(before.items())
    at_hand = set(rows[known(rows, lasts)].tolist())
    fields: dict[str, list[tuple[int, int]]] = {}
    news = set()
    for row, name, _, same in found:
        if same is None or row not in at_hand:
            news.add(row)
        else:
            fields.setdefault(name, []).append((row, same))
    return Repeats(
        _pairs((row, last) for row, last in before.items() if row in at_hand),
        {name: _pairs(pairs) for name, pairs in fields.items()},
        at_hand - news,
    )


def _pairs(pairs: Iterable[tuple[int, int]]) -> Pairs:
    array = np.array(list(pairs), np.int64).reshape(-1, 2)
    array = array[np.argsort(array[:, 0])]
    return array[:, 0], array[:, 1]
