"""ARC without a language model: what other tasks taught finds a program that the search alone does not find.

Run it: it checks itself. `python examples/arc_memory.py arc.db` keeps the memory, to be looked at:
`agentmem concepts list --db arc.db --namespace arc`.
"""

from __future__ import annotations

import sys

from agentmem import Bank
from agentmem.bank import MemorySpec
from agentmem.stores.concept.store import ConceptMemory
from agentmem.worlds.arc import solutions
from agentmem.worlds.arc.describe import describe
from agentmem.worlds.arc.grids import text_of
from agentmem.worlds.arc.guidance import guide_for
from agentmem.worlds.arc.solver import solve
from agentmem.worlds.arc.solver.enumeration import Limits
from agentmem.worlds.arc.tasks import Task, find_tasks

LEARNT = (
    "4347f46a",
    "50cb2852",
    "00d62c1b",
    "a5313dff",
    "4258a5f9",
    "dc1df850",
    "a699fb00",
    "25d8a9c8",
    "67a3c6ac",
    "6150a2bd",
)
"""Tasks whose solutions the memory is told of."""
ASKED = "bb43febb"
"""The task that is solved: the inside of each block becomes red."""
LIMITS = Limits(tried=3_000, seconds=None)
"""So many programs are tried, with the memory and without it."""


def task(id: str) -> Task:
    return find_tasks(f"arcagi/training/{id}")[0]


def learn(memory: ConceptMemory) -> None:
    """Solved tasks in words, and their programs, whose calls become concepts."""
    for id in LEARNT:
        memory.attempted(
            describe(task(id)).text, solutions.program(id), problem=id, language="python", solved=True
        )


def main(db: str) -> None:
    asked = task(ASKED)
    text = describe(asked.visible()).text
    print(f"{ASKED}: {text}\n")
    with Bank(db) as bank:
        spec = MemorySpec(store="concept", options={"abstractor": "code", "library": "arc"})
        memory = bank.store(spec, ("arc",))
        assert isinstance(memory, ConceptMemory)
        learn(memory)
        print(f"{len(memory.concepts())} concepts from {len(memory.problems())} solved tasks; selected:")
        guide, hits = guide_for(memory, text)
    for hit in hits[:5]:
        print(f"    {hit.score:6.2f}  {hit.text.splitlines()[0]}")
    alone, guided = solve(asked.visible(), limits=LIMITS), solve(asked.visible(), limits=LIMITS, guide=guide)
    print(f"\nwithout the memory: {len(alone.attempts)} programs found in {alone.outcome.tried:,} tried")
    found = guided.attempts[0]
    print(f"with it: found as program {found.tried:,}\n\n{found.program}")
    print(f"its answer, which is {'right' if found.outputs == asked.answers else 'wrong'}:")
    print(text_of(found.outputs[0]))
    assert not alone.attempts
    assert found.outputs == asked.answers


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "sqlite://")
