"""In a process of its own: open a bank, ask it a first question, and then many."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from agentmem_bench import fresh, memory
from agentmem_bench.speed.synthetic import SyntheticEmbedder

if TYPE_CHECKING:
    from agentmem.stores.base import MemoryStore

DENSE = {"steps": ("dense",), "floor": False}
"""A recall like that of a vector store, to set beside one."""


def probe(given: dict[str, Any]) -> dict[str, Any]:
    """Measure what recall.py asks for.

    Args:
        given: `vectors`, a file; `seed`; `bank`; `namespace`; `first`, a question; `warm` and `asked`,
            questions.

    Returns:
        Seconds of `imports`, `open`, `first`; resident bytes `before` the imports, `after` the first recall,
        at the `end` and at the `peak`; for each question asked, seconds by stage; how many had `nothing`;
        seconds of the same questions by `dense` alone, above embedding; of the slowest warm-up question, in
        which the codes of a large index are made.
    """
    import numpy as np

    embedder = SyntheticEmbedder(np.load(Path(given["vectors"]), allow_pickle=False), given["seed"])
    before = memory.resident()
    memory.forget_peak()
    began = perf_counter()
    from agentmem.bank import Bank

    imported = perf_counter()
    with Bank(given["bank"], embedder=embedder) as bank:
        store = bank.store("episodic", tuple(given["namespace"]))
        opened = perf_counter()
        store.recall(given["first"])
        told: dict[str, Any] = {
            "imports": imported - began,
            "open": opened - imported,
            "first": perf_counter() - opened,
            "before": before,
            "after": memory.resident(),
        }
        told |= _asked(store, given["warm"], given["asked"])
        return {**told, "end": memory.resident(), "peak": memory.peak()}


def _asked(store: MemoryStore, warm: list[str], asked: list[str]) -> dict[str, Any]:
    from agentmem.telemetry import measured

    slowest = 0.0
    for question in warm:
        for way in ({}, DENSE):
            began = perf_counter()
            store.recall(question, **way)
            slowest = max(slowest, perf_counter() - began)
    nothing, by_stage, dense = 0, [], []
    for question in asked:
        began = perf_counter()
        with measured() as seconds:
            hits = store.recall(question)
        told = {"all": perf_counter() - began}
        told.update(seconds.items())
        by_stage.append(told)
        nothing += not hits
    for question in asked:
        began = perf_counter()
        with measured() as seconds:
            store.recall(question, **DENSE)
        dense.append(perf_counter() - began - seconds.get("embed", 0.0))
    return {"by_stage": by_stage, "nothing": nothing, "dense": dense, "slowest_warm": slowest}


if __name__ == "__main__":
    fresh.answer(probe)
