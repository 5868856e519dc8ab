"""The planner policy: it sees all there is, an upper bound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, runtime_checkable

from agentmem.agents.environment import Environment, Plannable
from agentmem.agents.language import Atom, Language
from agentmem.agents.policies.bound import WAIT
from agentmem.agents.policy import Decision, Prompt
from agentmem.agents.strategies.belief import Belief, Need, Strategy
from agentmem.errors import NotApplicable


@runtime_checkable
class Transparent(Protocol):
    """An environment that shows all of its state."""

    @property
    def state(self) -> Iterable[Atom]:
        """All facts that hold now, seen or not."""

    @property
    def language(self) -> Language:
        """Its sentences."""


class PlannerPolicy:
    """Follows the plan that the environment knows; without one, a strategy that is shown the whole state.

    Args:
        environment: The world, as it is at the start of the episode: the plan leads from there.
        strategy: What to do where there is no plan.
        objects: The types of the world's objects, by name, for the strategy.
        planning: Whether to ask for a plan, which may take long.

    Raises:
        NotApplicable: the environment has no plan, and there is no strategy or no state to show to it.
    """

    name = "planner"

    def __init__(
        self,
        environment: Environment,
        strategy: Strategy | None = None,
        objects: Mapping[str, str] | None = None,
        *,
        planning: bool = True,
    ) -> None:
        self._plan = environment.plan() if planning and isinstance(environment, Plannable) else None
        self._world = environment if isinstance(environment, Transparent) else None
        self._strategy = strategy
        self._objects = dict(objects or {})
        if self._plan is None and (strategy is None or self._world is None):
            raise NotApplicable(
                f"no plan was found for the world {environment.name!r}, and there is no strategy for it",
                "take a smaller problem, or another policy",
            )

    def decide(self, prompt: Prompt) -> Decision:
        """The next action of the plan, or what the strategy does."""
        if self._plan is not None:
            return Decision(action=self._plan[prompt.step] if prompt.step < len(self._plan) else WAIT)
        if self._world is None or self._strategy is None:
            return Decision(action=WAIT)
        goal = tuple(self._world.language.facts_in(prompt.task))
        found = self._strategy(Belief.of(self._world.state), goal, self._objects)
        move = found.otherwise if isinstance(found, Need) else found
        if move is None:
            return Decision(action=WAIT)
        subgoal = move.subgoal if prompt.subgoals else None
        return Decision(action=self._world.language.action(move.action), subgoal=subgoal)
