"""In a process of its own: ask namespaces of several sizes, each for the first time and again."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from agentmem_bench import fresh, memory
from agentmem_bench.speed.synthetic import SyntheticEmbedder


def probe(given: dict[str, Any]) -> dict[str, Any]:
    """Measure what measure.py asks for.

    Args:
        given: `vectors`, a file; `seed`; `bank`; `warm`, a namespace and a question that load libraries;
            `sizes`, each with `records` and, of namespaces with a question each, `first` and `again`.

    Returns:
        Of each of `sizes`: its `records`; seconds above embedding of each `first` recall and each `again`;
        bytes that its indexes say they hold, and that are resident since.
    """
    from agentmem.bank import Bank
    from agentmem.telemetry import measured

    embedder = SyntheticEmbedder(np.load(Path(given["vectors"]), allow_pickle=False), given["seed"])
    bank = given["bank"] if "://" in given["bank"] else Path(given["bank"])
    told = []
    with Bank(bank, embedder=embedder) as opened:

        def asked(namespace: list[str], question: str) -> float:
            began = perf_counter()
            with measured() as seconds:
                opened.store("episodic", tuple(namespace)).recall(question)
            return perf_counter() - began - seconds.get("embed", 0.0)

        def held() -> int:
            return sum(shelf.nbytes for shelf in opened.library.shelves)

        asked(*given["warm"])
        for size in given["sizes"]:
            before = memory.resident(), held()
            first = [asked(*visit) for visit in size["first"]]
            after = memory.resident(), held()
            told.append(
                {
                    "records": size["records"],
                    "first": first,
                    "again": [asked(*visit) for visit in size["again"]],
                    "index_bytes": after[1] - before[1],
                    "resident_bytes": max(after[0] - before[0], after[1] - before[1]),
                }
            )
    return {"sizes": told}


if __name__ == "__main__":
    fresh.answer(probe)
