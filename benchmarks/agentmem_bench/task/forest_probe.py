"""In a process of its own: open a large forest, carry out operations, make prompts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from time import perf_counter
from typing import Any, cast

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.embedders import open_embedder
from agentmem.errors import NotApplicable
from agentmem.stores.task.operations import (
    Activate,
    Add,
    Complete,
    Depend,
    Operation,
    Rollback,
    Update,
    event_of,
)
from agentmem.stores.task.store import TaskMemory
from agentmem_bench import fresh, memory
from agentmem_bench.milliseconds import milliseconds
from agentmem_bench.task.forest import EMBEDDER, NAMESPACE, SPEC


def probe(given: dict[str, Any]) -> dict[str, Any]:
    """Measure what forest.py asks for.

    Args:
        given: `bank`, a file; `nodes`, ids of steps; `asked`, how often; `seed`.

    Returns:
        Seconds of `open_s` with the first prompt; milliseconds by operation, with its durable commit and
        without its vector, and with it (`with_vector`); of prompts, at a node and for a question; resident
        bytes above the loaded embedder.
    """
    settings = Settings(db=given["bank"], embedder=EMBEDDER)
    embedder = open_embedder(settings)
    embedder.embed(["warm"])
    before = memory.resident()
    began = perf_counter()
    with Bank(settings=settings, embedder=embedder) as bank:
        store = cast(TaskMemory, bank.store(SPEC, NAMESPACE))
        ids: Iterator[str] = iter(given["nodes"])
        first = given["nodes"][-1]
        store.synthesize("valve cover", expand=(first,))
        opened = perf_counter() - began

        def told_of(work: Callable[[str], object], ids: Iterable[str]) -> dict[str, float] | None:
            spent = []
            for id in ids:
                began = perf_counter()
                with suppress(NotApplicable):
                    work(id)
                spent.append(perf_counter() - began)
            return milliseconds(spent, (50, 95, 99))

        told: dict[str, Any] = {"open_s": round(opened, 3), "ms": {}}
        asked = given["asked"]

        def carried(make: Callable[[str, str], Operation]) -> Callable[[str], object]:
            return lambda id: store.observe(event_of(make(id, first), store=store.shelf), embed=False)

        for name, make in OPERATIONS.items():
            told["ms"][name] = told_of(carried(make), islice(ids, asked))
        ways: dict[str, Callable[[str], object]] = {
            "update, with its vector": lambda id: store.update(id, "a last choice"),
            "prompt at a node": lambda id: store.synthesize("", expand=(id,)),
            "prompt for a question": lambda id: store.synthesize(f"{id[:2]} valve", expand=(id,)),
        }
        for name, way in ways.items():
            told["ms"][name] = told_of(way, given["nodes"][-asked:])
        told["above_bytes"] = memory.resident() - before
        told["peak_above_bytes"] = memory.peak() - before
    return told


OPERATIONS: dict[str, Callable[[str, str], Operation]] = {
    "add": lambda id, _: Add(slot=f"step under {id[:4]}", parents=(id,)),
    "update": lambda id, _: Update(node=id, value="another choice"),
    "depend": lambda id, other: Depend(node=id, on=(other,)),
    "complete": lambda id, _: Complete(node=id),
    "activate": lambda id, _: Activate(node=id),
    "rollback": lambda id, _: Rollback(node=id),
}
"""An operation on a node, and another one."""

if __name__ == "__main__":
    fresh.answer(probe)
