"""Many small namespaces: recall in each, first and again, and over all of them."""

from __future__ import annotations

from random import Random
from typing import Any

from agentmem_bench import fresh
from agentmem_bench.milliseconds import milliseconds
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.speed import banks, corpus
from agentmem_bench.speed.place import Place

VISITED, WARM = 2_000, 5
"""Namespaces that are visited, at most, and those before them that are not measured: they load libraries."""
PERCENTILES = (50, 95, 99)


def measure(place: Place, namespaces: int, watch: Watch = unwatched) -> dict[str, Any]:
    """Milliseconds of a recall in one namespace, first and again, seconds over all, and memory."""
    bank = banks.many(place, namespaces, watch)
    chosen = Random(place.seed).sample(range(namespaces), min(WARM + VISITED, namespaces))  # noqa: S311 - no secret
    questions = corpus.questions(place.real.texts, len(chosen), place.seed, about=bank.records)
    watch("visiting namespaces", 0, 1)
    found = fresh.ask(
        f"{__package__}.many_probe",
        {
            "vectors": str(corpus.vectors_file(place.folder)),
            "seed": place.seed,
            "bank": str(bank.path),
            "prefix": banks.NAMESPACE,
            "warm": WARM,
            "visits": [
                (banks.namespace_of(number), asked) for number, asked in zip(chosen, questions, strict=True)
            ],
        },
    )
    watch("visiting namespaces", 1, 1)
    return {
        "namespaces": namespaces,
        "records_each": banks.EACH,
        "visited": len(found["first"]),
        "nothing": found["nothing"],
        "fill": {
            "append_per_s": round(bank.records / bank.append_seconds, 1),
            "embed_per_s": round(bank.records / bank.embed_seconds, 1),
        },
        "disk_bytes": bank.size,
        "first_ms": milliseconds(found["first"], PERCENTILES),
        "again_ms": milliseconds(found["again"], PERCENTILES),
        "prefix_first_s": round(found["prefix_first"], 4),
        "prefix_again_s": round(found["prefix_again"], 4),
        "memory": {
            "before_bytes": found["before"],
            "above_bytes": found["visits"] - found["before"],
            "prefix_above_bytes": found["prefix"] - found["before"],
            "peak_above_bytes": found["peak"] - found["before"],
        },
    }
