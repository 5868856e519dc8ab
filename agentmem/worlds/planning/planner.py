"""A planner in a process of its own: reads plain PDDL as JSON from its input, writes a plan as JSON.

It is run as `python -m agentmem.worlds.planning.planner` so that it can be killed where it takes too long.
Negative preconditions are compiled away by unified-planning; pyperplan searches, greedily by the heuristic of
FF. It is slow on many goals at once, so by stages it reaches one goal after another, keeps those it has, and
tries only actions of relaxed plans (FF's helpful ones). That is fast, but may miss a plan.
"""

from __future__ import annotations

import json
import sys
import warnings
from functools import partial
from typing import Any

SEARCH, HELPFUL, HEURISTIC = "gbf", "helpful", "hff"


def solve(domain: str, problem: str, *, staged: bool) -> list[list[str]] | None:
    """A plan for a problem in plain PDDL; none: none was found.

    Args:
        domain: The text of the domain.
        problem: The text of the problem.
        staged: Whether goals are reached one after another, in their order, by helpful actions; otherwise
            all at once, by any.
    """
    from unified_planning.engines import CompilationKind
    from unified_planning.engines.compilers import NegativeConditionsRemover
    from unified_planning.io import PDDLReader
    from up_pyperplan.engine import SEARCHES, EngineImpl

    SEARCHES[HELPFUL] = partial(SEARCHES[SEARCH], use_relaxed_plan=True)
    given = PDDLReader().parse_problem_string(domain, problem)
    compiled = NegativeConditionsRemover().compile(given, CompilationKind.NEGATIVE_CONDITIONS_REMOVING)
    goals = [part for goal in compiled.problem.goals for part in (goal.args if goal.is_and() else [goal])]
    values = dict(compiled.problem.initial_values)
    steps: list[Any] = []
    for count in range(1 if staged else len(goals), len(goals) + 1):
        stage = compiled.problem.clone()
        stage.clear_goals()
        for goal in goals[:count]:
            stage.add_goal(goal)
        for fluent, value in values.items():
            stage.set_initial_value(fluent, value)
        plan = EngineImpl(HELPFUL if staged else SEARCH, HEURISTIC).solve(stage).plan
        if plan is None:
            return None
        for step in plan.actions:
            _carry_out(step, values)
        steps += plan.actions
    original = [compiled.map_back_action_instance(step) for step in steps]
    return [[step.action.name, *(str(term) for term in step.actual_parameters)] for step in original]


def _carry_out(step: Any, values: dict[Any, Any]) -> None:
    """What holds after a step, in place; what is both deleted and added holds."""
    terms = step.action.environment.expression_manager
    parameters = [terms.ParameterExp(one) for one in step.action.parameters]
    given = dict(zip(parameters, step.actual_parameters, strict=True))
    for effect in sorted(step.action.effects, key=lambda one: one.value.is_true()):
        values[effect.fluent.substitute(given)] = effect.value


def main() -> None:
    """Solve what stands in the input."""
    warnings.simplefilter("ignore")
    json.dump(solve(**json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    main()
