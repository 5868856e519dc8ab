"""What a search came to: the programs found, and what it took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from agentmem.worlds.arc.solver.enumeration.terms import Term

Stopped = Literal["found", "tried", "seconds", "memory", "exhausted"]
"""Why a search ended: enough programs found, a limit, or no more programs."""


@dataclass(frozen=True)
class Found:
    """A program that gives the outputs asked for.

    Attributes:
        term: The program as a term.
        text: And as text.
        results: What it gives, by input, those without an output among them.
        tried: How many programs had been tried when it was found, itself among them.
        cost: The negative logarithm of its probability by the guide, about.
    """

    term: Term
    text: str
    results: tuple[Any, ...]
    tried: int
    cost: float


@dataclass(frozen=True)
class Outcome:
    """What a search came to.

    Attributes:
        found: Programs that give the outputs asked for, in the order in which they were found, the likeliest
            first; any two differ in the result for some input.
        tried: Applications of routines.
        invalid: How many of these raised, or gave what is too large or no value.
        distinct: Values kept: no two of one type are equal on all inputs.
        seconds: Taken.
        stopped: Why it ended.
    """

    found: tuple[Found, ...]
    tried: int
    invalid: int
    distinct: int
    seconds: float
    stopped: Stopped
