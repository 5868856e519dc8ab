"""Bulk ingest with the real embedder, beside that embedder alone on the same texts in the same batches."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Any

from agentmem.bank import Bank
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.speed import banks
from agentmem_bench.speed.place import Place

if TYPE_CHECKING:
    from agentmem.config import Settings
    from agentmem.embedders.base import Embedder, Matrix


class Overheard:
    """Another embedder, and what it was asked: texts to split, and how many parts to embed at once."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self.name = inner.name
        self.texts: list[str] = []
        self.batches: list[int] = []
        self.seconds = 0.0

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return self._inner.dimensions

    def parts(self, text: str) -> list[str]:
        """Split `text`."""
        self.texts.append(text)
        return self._inner.parts(text)

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Embed `texts`."""
        self.batches.append(len(texts))
        return self._inner.embed(texts)

    def again(self) -> float:
        """Do it all again with nobody else, and forget it; the seconds that took."""
        began = perf_counter()
        parts = [part for text in self.texts for part in self._inner.parts(text)]
        start = 0
        for count in self.batches:
            self._inner.embed(parts[start : start + count])
            start += count
        seconds = perf_counter() - began
        self.texts, self.batches = [], []
        return seconds


def measure(
    place: Place,
    texts: int,
    embedder: Embedder,
    settings: Settings,
    watch: Watch = unwatched,
    keep: int = 0,
) -> dict[str, Any]:
    """Texts a second, ingested and embedded alone, block by block in turn.

    Args:
        place: Where.
        texts: How many.
        embedder: The real one.
        settings: Of the bank.
        watch: Told how far it is.
        keep: With so many texts the bank is copied, for whoever needs a real one.
    """
    overheard = Overheard(embedder)
    ingesting = alone = 0.0
    done = 0
    embedder.embed(["load the model"])
    with (
        banks.scratch(place, "ingest") as (path,),
        Bank(path, embedder=overheard, settings=settings) as bank,
    ):
        store = bank.store("episodic", banks.NAMESPACE)
        for block in banks.distinct(place, texts):
            began = perf_counter()
            store.observe(*block)
            ingesting += perf_counter() - began
            alone += overheard.again()
            done += len(block)
            if done == keep:
                banks.keep_real(place, bank, done, ingesting)
            watch("ingest", done, texts)
    return {
        "texts": done,
        "embedder": embedder.name,
        "per_s": round(done / ingesting, 2),
        "embedder_per_s": round(done / alone, 2),
        "ratio": round(alone / ingesting, 4),
    }
