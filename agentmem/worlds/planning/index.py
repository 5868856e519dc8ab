"""Which actions apply in a state: preconditions are joined over the facts, nothing is grounded ahead."""

from __future__ import annotations

from agentmem.agents.language import Atom
from agentmem.agents.matching import Binding, State, equal_as_said, filled
from agentmem.worlds.planning.facts import Facts, joined
from agentmem.worlds.planning.problem import Action, PlanningProblem


class ApplicabilityIndex:
    """Answers for a problem which actions apply, and what they lead to.

    The facts of predicates that no action changes are those that hold where the problem starts, whatever a
    state says of them.

    Args:
        problem: The problem.
    """

    def __init__(self, problem: PlanningProblem) -> None:
        self._problem = problem
        self._static = problem.static
        self._base = Facts(atom for atom in problem.init if atom[0] in self._static)
        actions = problem.domain.actions.values()
        self._kinds = {
            action.name: {one.name: problem.members(one.type) for one in action.parameters}
            for action in actions
        }

    def facts(self, state: State) -> Facts:
        """What holds in a state, to be looked up."""
        return Facts((atom for atom in state if atom[0] not in self._static), self._base)

    def applicable(self, state: State) -> list[Atom]:
        """All actions that apply in a state, in order of the domain, then by their arguments."""
        facts = self.facts(state)
        return [atom for name in self._problem.domain.actions for atom in self.completions(name, {}, facts)]

    def completions(self, name: str, given: Binding, facts: Facts) -> list[Atom]:
        """The actions of a name that apply, with some parameters given, by their arguments.

        Args:
            name: Of the action.
            given: The objects of some of its parameters, with their question marks.
            facts: What holds: `facts(state)`.
        """
        action, kinds = self._problem.domain.actions[name], self._kinds[name]
        if any(given[one] not in kinds[one] for one in given):
            return []
        return sorted(
            (name, *(binding[one] for one in kinds))
            for binding in joined(action.needs, facts, given, kinds)
            if self._allowed(action, binding, facts)
        )

    def applies(self, atom: Atom, facts: Facts) -> bool:
        """Whether an action applies; `facts`: what holds."""
        if atom[0] not in self._kinds or len(atom) != len(self._kinds[atom[0]]) + 1:
            return False
        return bool(self.completions(atom[0], self.binding(atom), facts))

    def binding(self, atom: Atom) -> Binding:
        """The objects of the parameters of an action."""
        return dict(zip(self._kinds[atom[0]], atom[1:], strict=True))

    def apply(self, state: State, atom: Atom) -> State:
        """The state that an action leads to; what it both deletes and adds holds."""
        action, binding = self._problem.domain.actions[atom[0]], self.binding(atom)
        gone = [filled(one, binding) for one in action.deletes]
        return state.difference(gone).union(filled(one, binding) for one in action.adds)

    def touched(self, atom: Atom) -> list[Atom]:
        """The facts that an action may change: what it deletes, then what it adds, as in its domain."""
        action, binding = self._problem.domain.actions[atom[0]], self.binding(atom)
        return list(dict.fromkeys(filled(one, binding) for one in (*action.deletes, *action.adds)))

    @staticmethod
    def _allowed(action: Action, binding: Binding, facts: Facts) -> bool:
        return equal_as_said(action.same, action.distinct, binding) and not any(
            filled(one, binding) in facts for one in action.forbids
        )
