"""unified-planning's own simulator over the same facts: what our index is held equal to."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from agentmem.agents.language import Atom
from agentmem.agents.matching import State


class UnifiedSimulator:
    """A problem as unified-planning reads and simulates it; it grounds all actions, and is slow.

    It takes less than our own reader: no `either`, no name that is one of a type and of a predicate.

    Args:
        domain: The PDDL of the domain.
        problem: The PDDL of the problem.
    """

    def __init__(self, domain: str, problem: str) -> None:
        from unified_planning.engines import UPSequentialSimulator
        from unified_planning.io import PDDLReader

        self._problem = PDDLReader().parse_problem_string(domain, problem)
        self._simulator = UPSequentialSimulator(self._problem)
        self._terms = self._problem.environment.expression_manager
        self._fluents = list(self._problem.initial_values)

    @property
    def init(self) -> State:
        """What holds first."""
        return self._atoms(self._simulator.get_initial_state())

    def applicable(self, state: State) -> set[Atom]:
        """All actions that apply in a state."""
        now = self._state(state)
        return {
            (action.name, *map(str, terms))
            for action in self._problem.actions
            for terms in self._arguments(action)
            if self._simulator.is_applicable(now, action, terms)
        }

    def apply(self, state: State, atom: Atom) -> State:
        """The state that an action leads to."""
        action = self._problem.action(atom[0])
        return self._atoms(self._simulator.apply(self._state(state), action, self._objects(atom)))

    def reached(self, state: State) -> bool:
        """Whether the goal holds in a state."""
        return bool(self._simulator.is_goal(self._state(state)))

    def _arguments(self, action: Any) -> Iterable[tuple[Any, ...]]:
        """All that an action can be given; the simulator's own listing breaks on some domains."""
        objects = (
            [*map(self._terms.ObjectExp, self._problem.objects(one.type))] for one in action.parameters
        )
        return itertools.product(*objects)

    def _state(self, state: State) -> Any:
        from unified_planning.model import UPState

        true, false = self._terms.TRUE(), self._terms.FALSE()
        values = dict.fromkeys(self._fluents, false)
        for atom in state:
            values[self._terms.FluentExp(self._problem.fluent(atom[0]), self._objects(atom))] = true
        return UPState(values, self._problem)

    def _objects(self, atom: Atom) -> tuple[Any, ...]:
        return tuple(self._terms.ObjectExp(self._problem.object(name)) for name in atom[1:])

    def _atoms(self, state: Any) -> State:
        held = (fluent for fluent in self._fluents if state.get_value(fluent).is_true())
        return frozenset((fluent.fluent().name, *map(str, fluent.args)) for fluent in held)
