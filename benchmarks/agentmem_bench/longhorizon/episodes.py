"""One episode of the memory-bound policy, as a figure: what a worker process plays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from agentmem.agents.loop import Episode, Limits
from agentmem.agents.memory import NAMED, AgentMemory
from agentmem.agents.policies.bound import BoundPolicy
from agentmem.agents.strategies import STRATEGIES
from agentmem.bank import Bank, MemorySpec
from agentmem.config import Settings
from agentmem.worlds import registry
from agentmem_bench.pool import spread

NAMESPACE = ("longhorizon",)
STUCK = 3
"""Invalid actions in a row after which the bound policy, which is deterministic, is lost for good."""
ABLATIONS: Mapping[str, MemorySpec] = {
    "without summaries": MemorySpec(store="subgoal", options={"summaries": "none"}),
    "without retrieval": MemorySpec(store="subgoal", options={"retrieve": False}),
    "without folding": MemorySpec(store="subgoal", options={"fold": 0}),
}
"""Subgoal memory less one of its parts (HiAgent, section 4.4)."""


@dataclass(frozen=True)
class Played:
    """What is played, and what came of it.

    Attributes:
        world: The world.
        memory: The memory, by its name here.
        budget: Tokens of a context.
        seed: Of the world's problem.
        success: Whether the goal was reached.
        progress: The greatest share of goal conditions that held.
        steps: Actions taken.
        invalid: Of these, those that could not be done.
        retrievals: How often details were asked for.
        prompt_tokens: Of all prompts, with rules and task.
        context_tokens: Of all contexts.
        end: Why it ended.
    """

    world: str
    memory: str
    budget: int
    seed: int
    success: bool = False
    progress: float = 0.0
    steps: int = 0
    invalid: int = 0
    retrievals: int = 0
    prompt_tokens: int = 0
    context_tokens: int = 0
    end: str = ""


def play(wanted: Played) -> Played:
    """Play an episode, in a bank in memory; the embedder plays no part in what is compared."""
    world = registry.make(wanted.world, seed=wanted.seed)
    policy = BoundPolicy(STRATEGIES[wanted.world], world.language, world.problem.objects)
    limits = Limits(budget=wanted.budget, steps=registry.default_steps(world), stuck=STUCK)
    spec = ABLATIONS.get(wanted.memory) or NAMED[wanted.memory]
    with Bank("sqlite://", settings=Settings(embedder="hashing")) as bank:
        memory = AgentMemory(bank, NAMESPACE, spec, session="episode", world=wanted.world)
        episode = Episode(world, policy, memory, limits)
        result = episode.run()
    return Played(
        world=wanted.world,
        memory=wanted.memory,
        budget=wanted.budget,
        seed=wanted.seed,
        success=result.success,
        progress=result.progress,
        steps=result.steps,
        invalid=result.invalid,
        retrievals=result.retrievals,
        prompt_tokens=result.prompt_tokens,
        context_tokens=sum(row.context_tokens for row in episode.trace.rows),
        end=result.end,
    )


def play_all(wanted: Sequence[Played], jobs: int, done: Callable[[int], None]) -> list[Played]:
    """Play all episodes on `jobs` workers, in the order given; `done` is told how many are."""
    found: list[Played] = []
    with spread(jobs) as over:
        for played in over(play, wanted):
            found.append(played)
            done(len(found))
    return found
