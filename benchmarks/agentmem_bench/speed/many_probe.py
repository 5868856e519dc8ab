"""In a process of its own: visit many small namespaces at random, twice, and then ask all of them at once."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from agentmem_bench import fresh, memory
from agentmem_bench.speed.synthetic import SyntheticEmbedder


def probe(given: dict[str, Any]) -> dict[str, Any]:
    """Measure what many.py asks for.

    Args:
        given: `vectors`, a file; `seed`; `bank`; `prefix`, a namespace; `visits`, namespaces and questions,
            of which the first `warm` are not measured.

    Returns:
        Seconds of each `first` visit and of each one `again`, above embedding; `nothing`, how many found
        nothing; seconds of a recall over all, `prefix_first` and `prefix_again`; resident bytes `before` the
        imports, after the `visits` and after the `prefix` recalls, and the `peak`.
    """
    embedder = SyntheticEmbedder(np.load(Path(given["vectors"]), allow_pickle=False), given["seed"])
    before = memory.resident()
    memory.forget_peak()
    from agentmem.bank import Bank
    from agentmem.telemetry import measured

    nothing = 0

    def asked(bank: Bank, namespace: list[str], question: str, **changes: Any) -> float:
        nonlocal nothing
        began = perf_counter()
        with measured() as seconds:
            hits = bank.store("episodic", tuple(namespace)).recall(question, **changes)
        nothing += not hits
        return perf_counter() - began - seconds.get("embed", 0.0)

    with Bank(given["bank"], embedder=embedder) as bank:
        first = [asked(bank, *visit) for visit in given["visits"]]
        again = [asked(bank, *visit) for visit in given["visits"]]
        warm = given["warm"]
        told: dict[str, Any] = {"first": first[warm:], "again": again[warm:], "visits": memory.resident()}
        for name in ("prefix_first", "prefix_again"):
            told[name] = asked(bank, given["prefix"], given["visits"][0][1], scope="prefix")
        return {
            **told,
            "before": before,
            "prefix": memory.resident(),
            "peak": memory.peak(),
            "nothing": nothing,
        }


if __name__ == "__main__":
    fresh.answer(probe)
