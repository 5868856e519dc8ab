"""The same bank, embedded by this process alone and by workers of Ray."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from time import perf_counter
from typing import TYPE_CHECKING, Any

from agentmem import bulk
from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.provenance import load_average, provenance
from agentmem_bench.speed import banks, place

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder

SCHEMA = "agentmem.bench.bulk/1"
SEED = 0


def measure(
    texts: int, workers: Sequence[int], embedder: Embedder | None = None, watch: Watch = unwatched
) -> dict[str, Any]:
    """Texts a second, seconds until the workers are there, and a digest of the vectors, by number of workers.

    Args:
        texts: How many, no two alike.
        workers: Numbers of workers; 0 is this process.
        embedder: The real one; none: the one that the settings name.
        watch: Told how far it is.

    Raises:
        Unavailable: Ray is not installed.
    """
    if embedder is None:
        from agentmem.embedders import open_embedder

        embedder = open_embedder(Settings())
    load_before = load_average()
    embedder.embed(["load the model"])
    with place.opened(None, embedder, SEED) as at:
        batches = list(banks.distinct(at, texts))
        runs = []
        for number, count in enumerate(workers):
            watch("embedding", number, len(workers))
            with banks.scratch(at, f"bulk-{number}") as (path,), Bank(path, embedder=embedder) as bank:
                store = bank.store("episodic", banks.NAMESPACE)
                for batch in batches:
                    store.observe(*batch, embed=False)
                runs.append(_run(bank, count))
    return {
        "schema": SCHEMA,
        "embedder": embedder.name,
        "texts": texts,
        "load_before": load_before,
        "runs": runs,
        **provenance(SEED),
    }


def _run(bank: Bank, workers: int) -> dict[str, Any]:
    began = perf_counter()
    with bulk.spread(workers) as spread:
        # Workers begin, and load the model, with their first work.
        list(spread(bank.library.embedder.embed, [["load the model"]] * 2 * workers))
        ready = perf_counter()
        embedded = bank.embed(spread=spread)
        seconds = perf_counter() - ready
    return {
        "workers": workers,
        "begin_s": ready - began,
        "seconds": seconds,
        "per_s": embedded / seconds,
        "vectors": _digest(bank),
    }


def _digest(bank: Bank) -> str:
    """Tells two sets of vectors apart that differ in a bit."""
    from agentmem.db import vectors

    rows = range(1, bank.stats().events + 1)
    with bank.database.read() as connection:
        data = vectors.of_rows(connection, rows, "text", bank.library.embedder_key[0]).data
    return blake2b(data.tobytes(), digest_size=8).hexdigest()
