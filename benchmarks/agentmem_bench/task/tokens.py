"""How prompts grow: that of task memory beside the flat history, turn by turn of a generated dialogue."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from agentmem.synthesis.tokens import MiniLMTokens
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.task.engines import TaskEngine
from agentmem_bench.task.generate import generate
from agentmem_bench.task.scoring import score

ROOM = 1_000_000
"""A budget that never binds."""
SEED = 7


def measure(engine: TaskEngine, lengths: Sequence[int], watch: Watch = unwatched) -> dict[str, Any]:
    """Tokens of both prompts at each of `lengths` turns, and the curve between them.

    The prompt of a turn is what `synthesize` gives for what was just said; the flat history is the
    `full` store's, which shows every turn.
    """
    scenario = generate(max(lengths), SEED)
    counter = MiniLMTokens()
    curve, at, spent, flat_spent, flat = [], {}, 0, 0, 0
    snapshots = []
    with TemporaryDirectory(prefix="agentmem-") as folder:
        store, remembering = engine.open(Path(folder))
        with store.bank as bank:
            for number, turn in enumerate(scenario.turns, 1):
                snapshots.append(engine.turn(store, remembering, turn.say))
                own = store.synthesize(turn.say, ROOM).tokens
                flat += counter.count(f"user: {turn.say}")
                spent, flat_spent = spent + own, flat_spent + flat
                curve.append({"turn": number, "task": own, "flat": flat})
                if number in lengths:
                    full = bank.store("full", store.namespace).synthesize("", ROOM).tokens
                    at[str(number)] = {
                        "task": own,
                        "flat": flat,
                        "share": round(own / flat, 4),
                        "share_of_all_turns": round(spent / flat_spent, 4),
                        "full_store": full,
                    }
                watch("prompts", number, len(scenario.turns))
    totals = score(scenario, snapshots)
    return {
        "seed": SEED,
        "tokenizer": counter.name,
        "at": at,
        "curve": curve,
        "slot_accuracy": round(totals.slot_accuracy, 4),
        "checks_taken": totals.checks_taken,
        "unsaid": totals.unsaid,
    }
