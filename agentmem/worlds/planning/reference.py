"""Reference plans: how few steps a goal takes at most, where a planner finds a way in time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from time import monotonic

from agentmem.agents.language import Atom
from agentmem.errors import Unavailable
from agentmem.worlds.planning.index import ApplicabilityIndex
from agentmem.worlds.planning.plain import plain_pddl
from agentmem.worlds.planning.problem import PlanningProblem

STAGED_SHARE = 0.5
"""Of the time, for reaching goals one after another; the rest is for reaching all at once."""


def reference_plan(problem: PlanningProblem, seconds: float = 60.0) -> list[Atom] | None:
    """A plan that leads from where a problem starts to its goal; not always the shortest.

    Args:
        problem: The problem.
        seconds: How long the planner, a process of its own, may take; it is killed after.

    Returns:
        The actions, checked by our own index; none: no plan was found in time, or there is none.

    Raises:
        Unavailable: the planner broke.
    """
    if problem.reached(problem.init) >= 1:
        return []
    plain = plain_pddl(problem)
    ends = monotonic() + seconds
    for staged in (True, False):
        left = (ends - monotonic()) * (STAGED_SHARE if staged else 1)
        found = _asked({"domain": plain.domain, "problem": plain.problem, "staged": staged}, left)
        if found is not None:
            plan = [plain.atom(step) for step in found]
            return plan if leads_to_goal(plan, problem) else None
    return None


def leads_to_goal(plan: list[Atom], problem: PlanningProblem) -> bool:
    """Whether each action of a plan applies in turn, and the goal holds in the end."""
    index, state = ApplicabilityIndex(problem), problem.init
    for atom in plan:
        if not index.applies(atom, index.facts(state)):
            return False
        state = index.apply(state, atom)
    return problem.reached(state) >= 1


def _asked(given: dict[str, str | bool], seconds: float) -> list[list[str]] | None:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "agentmem.worlds.planning.planner"],
            input=json.dumps(given),
            capture_output=True,
            text=True,
            timeout=max(seconds, 0.0),
            check=False,
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise Unavailable(f"the planner broke: {last}", "the world runs without a reference plan too")
    found: list[list[str]] | None = json.loads(done.stdout)
    return found
