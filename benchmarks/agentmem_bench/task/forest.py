"""A forest of 100,000 nodes: what an operation and a prompt cost in it, and how much memory it takes."""

from __future__ import annotations

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from agentmem.bank import Bank, MemorySpec
from agentmem.bank.sources import record_id
from agentmem.config import Settings
from agentmem.stores.task.operations import Add, event_of
from agentmem_bench import fresh
from agentmem_bench.progress import Watch, unwatched

NAMESPACE = ("bench",)
SPEC = MemorySpec(store="task", options={"trim": "none"})
EMBEDDER = "hashing:384"
"""As long as the vectors of the default embedder; what is measured is above embedding."""
STEPS = 99
"""Steps of one undertaking."""
BATCH = 2_000
ASKED = 200
"""Operations of each kind, and prompts."""


def measure(nodes: int, seed: int, watch: Watch = unwatched) -> dict[str, Any]:
    """Milliseconds and bytes, of a fresh process that opens a forest of `nodes` nodes."""
    with TemporaryDirectory(prefix="agentmem-") as folder:
        path = Path(folder) / "forest.db"
        began = perf_counter()
        ids = _fill(path, nodes, seed, watch)
        filled = perf_counter() - began
        chosen = Random(seed).sample(ids, min(8 * ASKED, len(ids)))  # noqa: S311 - no secret
        given = {"bank": str(path), "nodes": chosen, "asked": len(chosen) // 8, "seed": seed}
        told = fresh.ask(f"{__package__}.forest_probe", given)
        size = sum(file.stat().st_size for file in path.parent.glob("forest.db*"))
    return {"nodes": nodes, "fill_s": round(filled, 1), "disk_bytes": size, "embedder": EMBEDDER, **told}


def _fill(path: Path, nodes: int, seed: int, watch: Watch) -> list[str]:
    """Undertakings with steps three levels deep, each step needing up to two earlier ones; ids of steps."""
    dice = Random(seed)  # noqa: S311 - no secret
    known: list[str] = []
    with Bank(settings=Settings(db=str(path), embedder=EMBEDDER)) as bank:
        store = bank.store(SPEC, NAMESPACE)
        trees: list[list[str]] = [[] for _ in range(-(-nodes // (STEPS + 1)))]
        waiting = []
        # A step of each tree in turn, so that what a step hangs under was written long before.
        for number in range(nodes):
            tree = trees[number % len(trees)]
            event_id = bank.new_id(bank.clock())
            if tree:
                parent = dice.choice(tree[-20:]) if dice.random() < 1 / 2 else tree[0]
                steps = tree[1:][-20:]
                needs = dice.sample(steps, min(len(steps), dice.choice((0, 0, 1, 2))))
                value = f"choice {dice.randrange(1_000)}" if dice.random() < 1 / 2 else None
                slot = f"step {number} of {dice.choice(WORDS)} {dice.choice(WORDS)}"
                operation = Add(slot=slot, parents=(parent,), depends_on=tuple(needs), value=value)
                known.append(record_id(event_id, store.shelf, 0))
            else:
                operation = Add(slot=f"undertaking {number}", kind="task")
            tree.append(record_id(event_id, store.shelf, 0))
            waiting.append(event_of(operation, id=event_id, store=store.shelf))
            if len(waiting) == BATCH or number == nodes - 1:
                store.observe(*waiting, embed=False)
                waiting = []
                watch("planting", number + 1, nodes)
        bank.library.embed_waiting()
    return known


WORDS = (
    "valve", "cover", "letter", "harbour", "ticket", "shelf", "sauce", "banner", "socket", "ledger",
    "curtain", "rudder", "sample", "chapter", "hinge", "bulb", "permit", "rota", "kiln", "margin",
)  # fmt: skip
