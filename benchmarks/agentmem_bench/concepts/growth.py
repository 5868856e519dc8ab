"""How a memory grows over the stream of solved problems: entries, tokens, duplicates, prompts."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from agentmem.bank import Bank, MemorySpec
from agentmem.config import Settings
from agentmem.stores.concept.entry import worded
from agentmem.stores.concept.operations import Learn, operation_of
from agentmem.stores.concept.store import ConceptMemory
from agentmem.synthesis.tokens import MiniLMTokens
from agentmem_bench import fresh

HOME = ("growth",)
BUDGET = 1_000
"""Tokens of what is shown before a problem."""
SHOWN = 20
"""Concepts of which it is made."""
ALIKE = 0.9
"""Cosine from which two entries are held for duplicates."""


def measure(given: dict[str, Any]) -> dict[str, Any]:
    """Let a memory see the solved ARC tasks in a drawn order; what it holds after each tenth of them.

    With reuse is what the store does: an idea that comes again is the entry it was. Without is what comes of
    writing blindly, which the journal shows: every statement an entry of its own.
    """
    from agentmem.worlds.arc import solutions
    from agentmem.worlds.arc.describe import describe
    from agentmem.worlds.arc.tasks import dataset

    tasks = {task.id: task for task in dataset("arcagi")}

    ids = list(solutions.ids())
    random.Random(int(given["seed"])).shuffle(ids)  # noqa: S311 - drawn for a benchmark
    ids = ids[: int(given["problems"])]
    spec = MemorySpec(store="concept", options={"abstractor": "code", "library": "arc"})
    rows: list[dict[str, Any]] = []
    steps = {round(len(ids) * part / 10) for part in range(1, 11)}
    with Bank("sqlite://", settings=Settings()) as bank:
        memory = cast(ConceptMemory, bank.store(spec, HOME))
        for n, id in enumerate(ids, 1):
            text = describe(tasks[id]).text
            before = memory.synthesize(text, BUDGET, k=SHOWN) if n in steps else None
            memory.attempted(text, solutions.program(id), problem=id, language="python", solved=True)
            if n in steps:
                rows.append({"problems": n, **_held(memory), "read_tokens": before.tokens if before else 0})
    return {"seed": given["seed"], "budget": BUDGET, "rows": rows}


def _held(memory: ConceptMemory) -> dict[str, Any]:
    count = MiniLMTokens().count
    concepts = memory.concepts()
    stated = [
        idea
        for event in memory.bank.view(HOME, store=memory.shelf).operations()
        if isinstance(operation := operation_of(event), Learn)
        for idea in operation.ideas
    ]
    blind = [" ".join([one.title or "", one.description]) for one in stated]
    return {
        "entries": len(concepts),
        "tokens": sum(count(worded(one)) for one in concepts),
        "duplicates": _duplicates(memory, [worded(one) for one in concepts]),
        "entries_blind": len(stated),
        "tokens_blind": sum(map(count, blind)),
        "duplicates_blind": len(blind) - len(set(blind)),
    }


def _duplicates(memory: ConceptMemory, texts: Sequence[str]) -> int:
    """Entries that are as good as another one that came before."""
    vectors = memory.bank.view(HOME).embed_all(texts)
    near = np.tril(vectors @ vectors.T, -1)
    return int((near.max(axis=1) >= ALIKE).sum())


if __name__ == "__main__":
    fresh.answer(measure)
