"""What became of a run: its episodes, and what they come to together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from statistics import fmean
from typing import Self

from agentmem.agents.trace import Result
from agentmem.records import Text, Value
from agentmem.runs.spec import RunSpec

UNFINISHED = ("interrupted", "failed")
"""Ends of episodes that a resumed run goes on with."""


class Played(Value):
    """An episode that was played.

    Attributes:
        episode: Its number, from 0.
        seed: Its seed.
        result: What became of it.
    """

    episode: int
    seed: int
    result: Result


class Summary(Value):
    """What became of a run; means are over the episodes that were played.

    Attributes:
        name: What the run is called.
        world: The world.
        memory: What the memory is called.
        policy: Who decided.
        budget: Tokens of a context.
        planned: How many episodes it has.
        finished: How many of them were played to an end.
        success: The share of the played that reached their goal.
        progress: The mean of their greatest shares of goal conditions.
        steps: The mean of their actions.
        invalid: The mean of those that could not be done.
        tokens_per_step: Prompt tokens of a step.
        seconds: Of all, in memory, policy and world.
        memory_ms_per_step: Milliseconds of a step in memory.
        ends: How many ended by what.
        episodes: Each of them.
    """

    name: Text
    world: Text
    memory: Text
    policy: Text
    budget: int
    planned: int
    finished: int
    success: float
    progress: float
    steps: float
    invalid: float
    tokens_per_step: float
    seconds: float
    memory_ms_per_step: float
    ends: Mapping[str, int]
    episodes: tuple[Played, ...]

    @classmethod
    def of(cls, spec: RunSpec, results: Mapping[int, Result]) -> Self:
        """The summary of the results there are, by episode."""
        played = [results[number] for number in sorted(results)]
        steps = sum(one.steps for one in played)
        return cls(
            name=spec.name,
            world=spec.world,
            memory=spec.memory_name,
            policy=spec.policy,
            budget=spec.limits.budget,
            planned=spec.episodes,
            finished=sum(one.end not in UNFINISHED for one in played),
            success=_mean([float(one.success) for one in played]),
            progress=_mean([one.progress for one in played]),
            steps=_mean([float(one.steps) for one in played]),
            invalid=_mean([float(one.invalid) for one in played]),
            tokens_per_step=sum(one.prompt_tokens for one in played) / max(1, steps),
            seconds=sum(one.seconds for one in played),
            memory_ms_per_step=1_000 * sum(one.memory_seconds for one in played) / max(1, steps),
            ends=dict(Counter(one.end for one in played)),
            episodes=tuple(
                Played(episode=number, seed=spec.seeds[number], result=results[number])
                for number in sorted(results)
            ),
        )

    @property
    def complete(self) -> bool:
        """Whether all episodes were played to an end."""
        return self.finished == self.planned

    @property
    def interrupted(self) -> bool:
        """Whether it was cut short by Ctrl-C."""
        return "interrupted" in self.ends


def _mean(values: list[float]) -> float:
    return fmean(values) if values else 0.0
