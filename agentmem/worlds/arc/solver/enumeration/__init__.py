"""Bounded, type-directed enumeration of programs over any library of routines, guided by a memory."""

from agentmem.worlds.arc.solver.enumeration.guide import INPUT, Guide
from agentmem.worlds.arc.solver.enumeration.outcome import Found, Outcome
from agentmem.worlds.arc.solver.enumeration.past import Uses, guide_of, uses_of
from agentmem.worlds.arc.solver.enumeration.policy import Limits, SearchPolicy
from agentmem.worlds.arc.solver.enumeration.search import search
from agentmem.worlds.arc.solver.enumeration.terms import Signature, Term

__all__ = [
    "INPUT",
    "Found",
    "Guide",
    "Limits",
    "Outcome",
    "SearchPolicy",
    "Signature",
    "Term",
    "Uses",
    "guide_of",
    "search",
    "uses_of",
]
