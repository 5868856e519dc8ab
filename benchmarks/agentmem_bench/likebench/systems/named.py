"""Systems by name: `episodic`, `full@8192`, `profile+episodic`; `oracle` and `none` are the bounds."""

from __future__ import annotations

from dataclasses import dataclass

from agentmem.bank import Bank
from agentmem.bank.registry import spec_of
from agentmem.errors import InvalidInput
from agentmem_bench.likebench.personas.schema import Persona
from agentmem_bench.likebench.suite import BUDGETS
from agentmem_bench.likebench.systems.base import System
from agentmem_bench.likebench.systems.bounds import FixedContext, oracle
from agentmem_bench.likebench.systems.stores import Answer, StoreSystem

ORACLE, NONE = "oracle", "none"
BOUNDS = (ORACLE, NONE)
SHORTEST = 64
"""Tokens of the smallest context."""


@dataclass(frozen=True)
class Named:
    """What a name says.

    Attributes:
        memory: A store's name, several with `+` between them, or a bound.
        budget: Tokens of a context.
    """

    memory: str
    budget: int

    @property
    def name(self) -> str:
        """The name in short."""
        usual = self.memory in BOUNDS or self.budget == BUDGETS[0]
        return self.memory if usual else f"{self.memory}@{self.budget}"


def named(given: str) -> Named:
    """What a name says: a memory, and after `@` the tokens of its contexts.

    Raises:
        InvalidInput: there is no such memory, or so many tokens are no budget.
    """
    memory, _, tokens = given.partition("@")
    budget = int(tokens) if tokens.isdigit() else BUDGETS[0] if not tokens else 0
    if budget < SHORTEST:
        raise InvalidInput(f"--memory {given!r} names no budget", f"write NAME@TOKENS, from {SHORTEST} on")
    if memory not in BOUNDS:
        spec_of(memory)
    return Named(memory, budget)


def system_of(named: Named, persona: Persona, bank: Bank, place: str, answer: Answer) -> System:
    """The system of a name, for a dialogue with a persona at a place of its own in the bank."""
    if named.memory in BOUNDS:
        return FixedContext(oracle(persona) if named.memory == ORACLE else "", answer)
    return StoreSystem(bank, ("likebench", place), spec_of(named.memory), named.budget, answer)
