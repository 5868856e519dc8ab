"""The parts of an episode, made from what a run is: the world, who decides, and how far it may go."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agentmem.agents.loop import Limits
from agentmem.agents.policies.bound import BoundPolicy
from agentmem.agents.policies.planner import PlannerPolicy
from agentmem.agents.policies.random import RandomPolicy
from agentmem.agents.policy import Policy
from agentmem.agents.strategies import STRATEGIES, Strategy
from agentmem.agents.strategies.search import SearchStrategy
from agentmem.agents.trace import write_whole
from agentmem.errors import NotFound
from agentmem.runs.spec import PDDL, RunSpec
from agentmem.worlds import registry
from agentmem.worlds.planning.domain_file import read_domain
from agentmem.worlds.planning.problem_file import read_problem
from agentmem.worlds.planning.texts import read_texts
from agentmem.worlds.planning.world import PlanningWorld

if TYPE_CHECKING:
    from agentmem.models.base import ChatModel

PLAN = "plan.json"
"""The plan of an episode in its folder: one that is made anew may be another one."""
STEPS = 200
"""How many steps an episode of a world may take of which nobody knows how many it needs."""


class FileWorld(PlanningWorld):
    """A world of PDDL files, whose plan is made once.

    Args:
        spec: A run of the world `pddl`.
        episode: The number of the episode.
        folder: Where the plan is kept; none: nowhere.
    """

    def __init__(self, spec: RunSpec, episode: int, folder: Path | None) -> None:
        assert spec.domain is not None  # noqa: S101  a specification without one is refused
        source = spec.problems[episode % len(spec.problems)]
        problem = read_problem(source.text, read_domain(spec.domain.text, spec.domain.name), source.name)
        texts = spec.texts and read_texts(spec.texts.text, problem, spec.texts.name)
        super().__init__(problem, texts or None)
        self._folder = folder

    def plan(self) -> Sequence[str] | None:
        """A plan; the one that was made before, where there is one."""
        kept = None if self._folder is None else self._folder / PLAN
        if kept is not None and kept.exists():
            known: Sequence[str] | None = json.loads(kept.read_text(encoding="utf-8"))
            return known
        made = super().plan()
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            write_whole(kept, json.dumps(made and list(made)) + "\n")
        return made


def world_of(spec: RunSpec, episode: int, folder: Path | None = None) -> PlanningWorld:
    """The world of an episode, as it is at the start.

    Args:
        spec: The run.
        episode: The number of the episode, from 0.
        folder: Where the episode is kept; none: nowhere.

    Raises:
        InvalidInput: it has no such size.
        FormatError: its files are not what they should be; names file and line.
    """
    if spec.world == PDDL:
        return FileWorld(spec, episode, folder)
    return registry.make(spec.world, seed=spec.seeds[episode], size=spec.size)


def limits_of(spec: RunSpec, world: PlanningWorld) -> Limits:
    """When an episode in a world ends."""
    if spec.limits.steps is not None or spec.world == PDDL:
        return spec.limits.of_episode(STEPS)
    try:
        return spec.limits.of_episode(registry.default_steps(world))
    except NotFound:  # its strategy does not get there
        return spec.limits.of_episode(STEPS)


def policy_of(spec: RunSpec, world: PlanningWorld, episode: int, model: ChatModel | None) -> Policy:
    """Who decides.

    Args:
        spec: The run.
        world: The world, as it is at the start.
        episode: The number of the episode.
        model: The language model, for the policy of that name.

    Raises:
        NotApplicable: there is no plan for the world, and no strategy.
    """
    objects = world.problem.objects
    if spec.policy == "model" and model is not None:
        from agentmem.agents.policies.model import ModelPolicy

        return ModelPolicy(model)
    if spec.policy == "random":
        return RandomPolicy(world, spec.seeds[episode])
    strategy = strategy_of(spec, world)
    if spec.policy == "planner":
        # Where a strategy was written for a world it finds a way at once, where a planner may take a minute.
        return PlannerPolicy(world, strategy, objects, planning=spec.world == PDDL)
    return BoundPolicy(strategy, world.language, objects)


def strategy_of(spec: RunSpec, world: PlanningWorld) -> Strategy:
    """Who knows the rules of a world: the one that was written for it, or a search through its actions."""
    if spec.world in STRATEGIES:
        return STRATEGIES[spec.world]
    problem = world.problem
    actions = problem.domain.actions.values()
    kinds = {one.type for action in actions for one in action.parameters}
    return SearchStrategy(actions, {kind: problem.members(kind) for kind in kinds})
