"""What turns problems and their verdicts into concepts: a write policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from agentmem.stores.concept.content import Form
from agentmem.stores.concept.entry import Concept
from agentmem.stores.concept.operations import Operation
from agentmem.stores.concept.problems import Problem


@dataclass(frozen=True)
class Draft:
    """An operation that an abstractor wants carried out, and the problems that it comes from."""

    operation: Operation
    problems: tuple[Problem, ...]


class Memory(Protocol):
    """What an abstractor sees of the memory: one state of it, for all problems of a batch."""

    def named(self, titles: Sequence[str], form: Form = "ps") -> dict[str, Concept]:
        """The concepts of these titles or aliases, by the title asked for; unknown ones are left out."""

    def shortlist(self, text: str, most: int) -> list[Concept]:
        """The concepts that are most likely to matter to a problem, best first."""

    def near(self, text: str, most: int) -> list[tuple[Concept, float]]:
        """The concepts that are nearest in meaning to a text, with their cosine, best first."""


class Abstractor(Protocol):
    """A write policy. Deterministic, or by a model; it changes nothing itself."""

    @property
    def heeds_failures(self) -> bool:
        """Whether it wants to see what was not solved, too."""

    def abstract(self, problems: Sequence[Problem], memory: Memory) -> list[Draft]:
        """The operations that these problems give rise to; what a gate stops is a `Refuse`."""
