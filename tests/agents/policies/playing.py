"""A world played by the bound policy, which is shown all that was told, or what a test makes of it."""

from __future__ import annotations

from collections.abc import Callable

from agentmem.agents.language import Language
from agentmem.agents.policies.bound import BoundPolicy
from agentmem.agents.policy import Prompt
from agentmem.agents.strategies import STRATEGIES
from agentmem.fence import fence
from agentmem.records import Context
from agentmem.worlds.planning.world import PlanningWorld


def prompt(text: str, task: str, **given) -> Prompt:
    """A prompt whose context shows `text` in a fence."""
    shown = fence(text)
    context = Context(text=shown, stable="", recalled=shown, tokens=0, budget=0, tokenizer="none")
    return Prompt(rules="", task=task, context=context, **given)


def policy_for(world: PlanningWorld, language: Language | None = None) -> BoundPolicy:
    """The bound policy of a world."""
    return BoundPolicy(STRATEGIES[world.name], language or world.language, world.problem.objects)


def play(
    world: PlanningWorld, policy, steps: int, seen: Callable[[str], None] = lambda text: None
) -> list[str]:
    """The actions that a policy takes that is shown all that was told; `seen` is given what it is shown."""
    told = [world.reset().text]
    actions = []
    while not world.solved() and len(actions) < steps:
        seen("\n".join(told))
        action = policy.decide(prompt("\n".join(told), world.task, step=len(actions))).action
        actions.append(action)
        told += [f"> {action}", world.step(action).text]
    return actions
