"""Systems by name: `episodic`, `full@8192`, `profile+episodic`, `oracle` and `none`, and those of others."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from agentmem.bank import Bank
from agentmem.bank.registry import spec_of
from agentmem.config import Settings
from agentmem.errors import InvalidInput
from agentmem_bench.likebench import imagined
from agentmem_bench.likebench.personas.schema import Persona
from agentmem_bench.likebench.suite import BUDGETS
from agentmem_bench.likebench.systems import outside
from agentmem_bench.likebench.systems.base import Answer, Answered, System
from agentmem_bench.likebench.systems.bounds import FixedContext, oracle
from agentmem_bench.likebench.systems.stores import StoreSystem

ORACLE, NONE = "oracle", "none"
BOUNDS = (ORACLE, NONE)
MODEL = "model"
"""What a store's options say where it asks a model."""
SHORTEST = 64
"""Tokens of the smallest context."""


@dataclass(frozen=True)
class Named:
    """What a name says.

    Attributes:
        memory: A store's name, several with `+` between them, or a bound; of a system of others its name.
        budget: Tokens of a context.
        is_outside: Whether it is a system with a memory of its own.
    """

    memory: str
    budget: int
    is_outside: bool = False

    @property
    def name(self) -> str:
        """The name in short."""
        usual = self.is_outside or self.memory in BOUNDS or self.budget == BUDGETS[0]
        return self.memory if usual else f"{self.memory}@{self.budget}"


def named(given: str) -> Named:
    """What a name says: a memory, and after `@` the tokens of its contexts.

    Raises:
        InvalidInput: there is no such memory, or so many tokens are no budget.
        NotFound: there is no such store.
    """
    memory, _, tokens = given.partition("@")
    budget = int(tokens) if tokens.isdigit() else BUDGETS[0] if not tokens else 0
    if budget < SHORTEST:
        raise InvalidInput(f"--memory {given!r} names no budget", f"write NAME@TOKENS, from {SHORTEST} on")
    if memory in BOUNDS:
        return Named(memory, BUDGETS[0])
    for part in spec_of(memory).parts:
        if MODEL in (*part.options, *part.options.values()):
            raise InvalidInput(
                f"--memory {given!r} would ask a model that is not counted", "leave the model out"
            )
    return Named(memory, budget)


def other(given: str) -> Named:
    """A system with a memory of its own.

    Raises:
        InvalidInput: it names none.
        NotFound: there is no such thing.
    """
    outside.check(given)
    return Named(given, 0, is_outside=True)


class Systems:
    """Makes systems, each for a dialogue of its own.

    Args:
        bank: Where memories are kept.
        answer: Answers from what they bring.
        settings: For systems of others.
        meter: Has what these take counted, where it is known.
        is_imagined: Whether functions are not called.
    """

    def __init__(
        self, bank: Bank, answer: Answer, settings: Settings, meter: outside.Meter, is_imagined: bool = False
    ) -> None:
        self._bank = bank
        self._answer = answer
        self._settings = settings
        self._meter = meter
        self._is_imagined = is_imagined
        self._places = count()

    def system(self, named: Named, persona: Persona) -> System:
        """The system of a name, for a dialogue with a persona."""
        if named.is_outside and self._is_imagined and named.memory.startswith(outside.PYTHON):
            return outside.Outside(lambda session, message: Answered(imagined.TEXT))
        if named.is_outside:
            return outside.outside(named.memory, self._settings, self._meter)
        if named.memory in BOUNDS:
            return FixedContext(oracle(persona) if named.memory == ORACLE else "", self._answer)
        place = ("likebench", str(next(self._places)))
        return StoreSystem(self._bank, place, spec_of(named.memory), named.budget, self._answer)
