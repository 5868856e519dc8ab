"""The same worlds played by a language model: a table of its own, for what is configured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from agentmem.agents.loop import Episode, Limits
from agentmem.agents.memory import NAMED, AgentMemory
from agentmem.agents.policies.model import ModelPolicy
from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.worlds import registry
from agentmem_bench.longhorizon.episodes import NAMESPACE
from agentmem_bench.paired import Paired

SIZE = 1
"""Of the worlds: the smallest."""
MEMORIES = ("full", "subgoal")


def play_model(
    name: str,
    worlds: Sequence[str],
    seeds: int,
    steps: int,
    budget: int,
    paired: Paired,
    done: Callable[[int], None],
) -> list[dict[str, Any]]:
    """Play the smallest problem of each world by the model `name`, with full history and subgoal memory.

    Success in each problem is kept in `paired`.
    """
    rows: list[dict[str, Any]] = []
    for world_name in worlds:
        for memory_name in MEMORIES:
            results = []
            for seed in range(seeds):
                world = registry.make(world_name, seed=seed, size=SIZE)
                with Bank("sqlite://", settings=Settings(embedder="hashing")) as bank:
                    policy = ModelPolicy(bank.chat_model(NAMESPACE, "agent", name))
                    memory = AgentMemory(
                        bank, NAMESPACE, NAMED[memory_name], session="episode", world=world_name
                    )
                    limits = Limits(budget=budget, steps=steps, stuck=steps)
                    results.append(Episode(world, policy, memory, limits).run())
                done(len(rows) * seeds + seed + 1)
            problems = [f"{world_name}/{seed}" for seed in range(seeds)]
            paired.note(f"success {memory_name}, by a model", problems, [one.success for one in results])
            taken = sum(one.steps for one in results)
            rows.append(
                {
                    "world": world_name,
                    "memory": memory_name,
                    "episodes": seeds,
                    "success": sum(one.success for one in results) / seeds,
                    "progress": sum(one.progress for one in results) / seeds,
                    "steps": taken / seeds,
                    "invalid": sum(one.invalid for one in results) / seeds,
                    "prompt_tokens_per_step": sum(one.prompt_tokens for one in results) / max(1, taken),
                }
            )
    return rows
