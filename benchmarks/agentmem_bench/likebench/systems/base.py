"""What a system under test does; it never sees a persona."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias

from agentmem.models.base import Usage


@dataclass(frozen=True)
class Said:
    """One exchange.

    Attributes:
        session: From 1.
        turn: In the session, from 1.
        at: When, in the user's life.
        message: The user's.
    """

    session: int
    turn: int
    at: datetime
    message: str


@dataclass(frozen=True)
class Reply:
    """What a system answers.

    Attributes:
        text: The answer.
        tokens: Of the context that it was made from; none: unknown.
        recalled: Ids of what was recalled.
        seconds: What took how long.
        usage: What a model took.
        failure: Why there is no answer.
    """

    text: str
    tokens: int | None = None
    recalled: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    usage: Usage | None = None
    failure: str = ""


@dataclass(frozen=True)
class Answered:
    """An answer from a context: the text, what a model took for it, and why there is none."""

    text: str
    usage: Usage | None = None
    failure: str = ""


Answer: TypeAlias = Callable[[str, str], Answered]
"""An answer to a message, given a context."""


class System(Protocol):
    """Talks with one user over all sessions."""

    def reply(self, said: Said) -> Reply:
        """Answer a message; it is not kept before `keep`."""
        ...

    def keep(self, said: Said, reply: str) -> None:
        """Keep an exchange, as it was, once it has been rated; a run that is taken up says it again."""
        ...

    def remembers(self, question: str, at: datetime) -> Answered:
        """What it knows about a question on the user, after the last session."""
        ...

    def facts(self) -> int | None:
        """How many facts it holds of the user; none: unknown."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...
