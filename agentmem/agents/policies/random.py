"""The random policy: any action that can be carried out, a lower bound."""

from __future__ import annotations

from random import Random

from agentmem.agents.environment import Environment
from agentmem.agents.policies.bound import WAIT
from agentmem.agents.policy import Decision, Prompt


class RandomPolicy:
    """Draws one of the environment's actions. The same seed and step draw alike, in whatever process.

    Args:
        environment: Whose actions they are.
        seed: Of the draws.
    """

    name = "random"

    def __init__(self, environment: Environment, seed: int = 0) -> None:
        self._environment = environment
        self._seed = seed

    def decide(self, prompt: Prompt) -> Decision:
        """Any action; where none can be carried out, it waits."""
        actions = self._environment.actions()
        if not actions:
            return Decision(action=WAIT)
        drawn = Random(f"{self._seed}/{prompt.step}").choice(actions)  # noqa: S311 - no secret
        return Decision(action=drawn)
