"""An embedder that embeds no text twice, and the cosines of a stream."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from agentmem_bench.layered.baselines import Cosines
from agentmem_bench.layered.data import Stream
from agentmem_bench.progress import Watch, unwatched

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder, Matrix

BATCH = 256


class Remembering:
    """Another embedder's vectors, kept; for one thread."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self._kept: dict[str, Matrix] = {}
        self.name = inner.name

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return self._inner.dimensions

    def parts(self, text: str) -> list[str]:
        """Split `text` into pieces that fit the window."""
        return self._inner.parts(text)

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Embed `texts`, shape (n, dimensions)."""
        new = list(dict.fromkeys(text for text in texts if text not in self._kept))
        for start in range(0, len(new), BATCH):
            some = new[start : start + BATCH]
            self._kept.update(zip(some, self._inner.embed(some), strict=True))
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        return np.stack([self._kept[text] for text in texts])


def cosines(stream: Stream, embedder: Embedder, watch: Watch = unwatched) -> Cosines:
    """Of all its queries and items, by the first part of a text that is longer than the window."""
    said = [query.text for query in stream.queries] + [item.text for item in stream.items]
    texts = [_first(text, embedder) for text in said]
    vectors = []
    for start in range(0, len(texts), BATCH):
        vectors.append(embedder.embed(texts[start : start + BATCH]))
        watch("embedding", min(start + BATCH, len(texts)), len(texts))
    found = np.concatenate(vectors)
    asked = len(stream.queries)
    return Cosines(found[:asked] @ found[asked:].T)


def _first(text: str, embedder: Embedder) -> str:
    parts = embedder.parts(text)
    return parts[0] if parts else text
