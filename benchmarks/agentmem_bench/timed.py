"""An embedder that only delegates, and tells how long it took: so that recall is timed above embedding."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder, Matrix


class TimedEmbedder:
    """Another embedder's vectors; for one thread.

    Attributes:
        calls: Seconds of each `embed`, splitting into parts included.
    """

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self._splitting = 0.0
        self.name = inner.name
        self.calls: list[float] = []

    @property
    def seconds(self) -> float:
        """All the time that was spent here."""
        return sum(self.calls) + self._splitting

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return self._inner.dimensions

    def parts(self, text: str) -> list[str]:
        """Split `text` into pieces that fit the window."""
        began = perf_counter()
        found = self._inner.parts(text)
        self._splitting += perf_counter() - began
        return found

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Embed `texts`, shape (n, dimensions)."""
        began = perf_counter()
        vectors = self._inner.embed(texts)
        self.calls.append(self._splitting + perf_counter() - began)
        self._splitting = 0.0
        return vectors
