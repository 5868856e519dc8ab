"""A store of others as a memory: it is given each turn as `Speaker: text`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from agentmem.records import spoken
from agentmem_bench.adapters.embedding import whole
from agentmem_bench.peers.systems.base import Found, Place, System

if TYPE_CHECKING:
    from agentmem.embedders.base import Matrix
    from agentmem.formats import Turn
    from agentmem_bench.adapters.base import ReadablePeer


class Stored(System):
    """What a store holds and finds.

    Args:
        store: Its class.
        place: What it is made with.
    """

    def __init__(self, store: type[ReadablePeer], place: Place) -> None:
        self._store = store(place.folder, place.embedder)
        self._embedder = place.embedder
        self._texts: list[str] = []

    def write(self, number: int, turn: Turn) -> None:
        """Add one text."""
        text = spoken(turn.actor, turn.text)
        self._texts.append(text)
        self._store.add(number, [text], self._vectors(text))

    def search(self, text: str, k: int, at: datetime | None) -> list[Found]:
        """A search; what it finds counts with the text that was added."""
        numbers = self._store.search(text, self._vectors(text)[0], k)
        return [Found((number,), self._texts[number]) for number in numbers]

    def held(self) -> Iterable[Found]:
        """All its texts."""
        return (Found((number,), text) for number, text in self._store.texts().items())

    def _vectors(self, text: str) -> Matrix:
        """Shape (1, dimensions); zeros for a store that makes its own."""
        if self._store.embeds:
            return np.zeros((1, self._embedder.dimensions), np.float32)
        return whole(self._embedder, [text])

    def close(self) -> None:
        """Let go of files."""
        self._store.close()
