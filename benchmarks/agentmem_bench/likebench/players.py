"""Who takes part in a dialogue beside the system under test: somebody who talks, and somebody who rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from agentmem.models.base import Usage
from agentmem_bench.likebench.personas.schema import Dimension, Persona
from agentmem_bench.likebench.probe.rater import rate
from agentmem_bench.likebench.probe.script import Turn, Variant
from agentmem_bench.likebench.probe.user import ScriptedUser
from agentmem_bench.likebench.rows import Row

Ratings = Mapping[Dimension, int | float | None]
"""By dimension, 1 to 5; none where one does not apply."""


@dataclass(frozen=True)
class Uttered:
    """A message of the user's.

    Attributes:
        text: What the system is told.
        meant: What it was to say, where a model said it; else empty.
        usage: What a model took.
        failure: Why the words are those of the script, where a model was to find its own.
    """

    text: str
    meant: str = ""
    usage: Usage | None = None
    failure: str = ""


@dataclass(frozen=True)
class Rated:
    """What a reply is worth.

    Attributes:
        ratings: By dimension: of several repeats the mean, if most of them say that it applies.
        reasons: By dimension, of those that apply.
        repeats: The ratings of each repeat, where there are several.
        unquoted: Dimensions whose reason quotes what was not said.
        usage: What a model took.
        failure: Why there are no ratings, or fewer repeats.
    """

    ratings: Ratings
    reasons: Mapping[Dimension, str]
    repeats: tuple[Ratings, ...] = ()
    unquoted: tuple[Dimension, ...] = ()
    usage: Usage | None = None
    failure: str = ""


class User(Protocol):
    """Talks with the system."""

    turns: Sequence[Turn]

    def message(self, turn: Turn, before: Sequence[Row]) -> Uttered:
        """What it says at a turn, after the rows `before`."""
        ...

    def repeat(self, turn: Turn) -> None:
        """Take up a turn that was played before; its message is known."""
        ...

    def hear(self, turn: Turn, row: Row) -> None:
        """Take up how a reply was rated."""
        ...


@dataclass(frozen=True)
class Exchange:
    """What is rated: the turn of the script, what was said, and the rows before it."""

    turn: Turn
    message: str
    reply: str
    before: Sequence[Row] = field(default=())


class Rater(Protocol):
    """Rates replies as a persona would."""

    name: str

    def rate(self, persona: Persona, exchange: Exchange) -> Rated:
        """What a reply is worth to a persona."""
        ...


class Scripted:
    """Says its script word for word."""

    def __init__(self, persona: Persona, variant: Variant, seed: int) -> None:
        self._user = ScriptedUser(persona, variant, seed)
        self.turns = self._user.turns

    def message(self, turn: Turn, before: Sequence[Row]) -> Uttered:
        """The script's words, after a reaction to the last reply."""
        return Uttered(self._user.message(turn))

    def repeat(self, turn: Turn) -> None:
        """Draw what is drawn for a message."""
        self._user.message(turn)

    def hear(self, turn: Turn, row: Row) -> None:
        """Take a rated reply up."""
        self._user.hear(turn, row.rated)


class ByRule:
    """Measures a reply on its words."""

    def __init__(self, name: str) -> None:
        self.name = name

    def rate(self, persona: Persona, exchange: Exchange) -> Rated:
        """The ratings by rule."""
        found = rate(persona, exchange.turn, exchange.message, exchange.reply)
        return Rated(
            {name: rating.value for name, rating in found.items()},
            {name: rating.reason for name, rating in found.items() if rating.value is not None},
        )
