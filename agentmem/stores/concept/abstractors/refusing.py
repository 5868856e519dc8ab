"""A refusal as an operation: what was wanted, which gate kept it out, and why."""

from __future__ import annotations

from agentmem.stores.concept.asking import LONGEST_FAULT, clipped
from agentmem.stores.concept.operations import Refuse
from agentmem.stores.concept.problems import Problem

LONGEST = 120
"""Characters of a title that a refusal tells."""


def refused(problem: Problem, gate: str, title: str, why: str) -> Refuse:
    """What was not let through, of the problem from which it came."""
    return Refuse(
        problem=problem.id, gate=gate, title=clipped(title, LONGEST), why=clipped(why, LONGEST_FAULT)
    )
