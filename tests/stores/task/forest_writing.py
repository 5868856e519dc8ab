"""Another process on a forest: `python forest_writing.py FILE NAME WHAT N`; it prints what was acknowledged."""

from __future__ import annotations

import hashlib
import random
import sys
from itertools import count

from agentmem.bank import Bank, MemorySpec
from agentmem.config import Settings
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import NotApplicable
from agentmem.stores.task.store import TaskMemory

NONE = MemorySpec(store="task", options={"trim": "none"})
SHARED = 8
"""Steps that all writers know, by their titles `shared 0` and so on."""


def open_forest(path: str) -> TaskMemory:
    bank = Bank(path, embedder=HashingEmbedder(), settings=Settings(embedder="hashing"))
    return bank.store(NONE)


def shared(task: TaskMemory) -> list[str]:
    """Ids of the shared steps, made on first use."""
    return [node.id for node in task.graph().nodes.values() if node.slot.startswith("shared ")] or [
        task.add(f"shared {n}").id for n in range(SHARED)
    ]


def digest(task: TaskMemory) -> str:
    """What the graph says, in short."""
    graph = task.graph()
    told = [*graph.nodes.values(), *graph.parents, *graph.needs, graph.stale, graph.changed, graph.settled]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def say(*words: object) -> None:
    print(*words, flush=True)


def write(task: TaskMemory, name: str, upward: bool, n: int | None) -> None:
    """`n` rounds, or rounds without end: a new step, a value, an edge between shared steps."""
    ids = shared(task)
    choose = random.Random(name)
    for i in range(n) if n is not None else count():
        say("added", task.add(f"{name} {i}", parent=choose.choice(ids)).id)
        at = choose.randrange(SHARED)
        task.update(ids[at], f"{name} {i}")
        say("valued", at, f"{name}-{i}")
        one, other = sorted(choose.sample(range(SHARED), 2), reverse=upward)
        try:
            task.depend(ids[one], ids[other])
            say("tied", one, other)
        except NotApplicable as error:
            say("refused", one, other, type(error).__name__)


def main(path: str, name: str, what: str, n: str) -> None:
    """Write, and tell what the forest is once everybody has written."""
    task = open_forest(path)
    write(task, name, what == "upward", None if n == "on" else int(n))
    say("written")
    sys.stdin.readline()
    say("sees", digest(task))


if __name__ == "__main__":
    main(*sys.argv[1:])
