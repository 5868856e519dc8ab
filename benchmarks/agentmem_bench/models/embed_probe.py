"""In a process of its own: load an embedder, and time it."""

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from agentmem_bench import fresh
from agentmem_bench.models import footprint
from agentmem_bench.models.rates import REPEATS

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder


def probe(given: dict[str, Any]) -> dict[str, Any]:
    """Load the embedder of `given["settings"]`; memory, and texts a second of `texts`."""
    embedder = _opened(given)
    cost = footprint.loaded(lambda: embedder.embed(given["texts"][:1]))
    seconds = []
    for _ in range(REPEATS):
        began = perf_counter()
        embedder.embed(given["texts"])
        seconds.append(perf_counter() - began)
    told = {"embedder": embedder.name, "texts_per_s": round(len(given["texts"]) / median(seconds), 1)}
    return {**cost, **told, **footprint.at_its_peak(cost["before_bytes"])}


def _opened(given: dict[str, Any]) -> Embedder:
    from agentmem.config import Settings
    from agentmem.embedders import open_embedder
    from agentmem.embedders.sentence_transformers import SentenceTransformersEmbedder

    settings = Settings(**given["settings"])
    if given["precision"] == "fp16":
        return SentenceTransformersEmbedder(settings.device, half=True)
    return open_embedder(settings)


if __name__ == "__main__":
    fresh.answer(probe)
