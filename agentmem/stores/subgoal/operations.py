"""What can be done to subgoals, as data: public methods make these, `apply` carries them out."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints

from agentmem.records import Event, Text
from agentmem.stores import typed

PREFIX = "subgoal."
LONGEST_GOAL = 500
"""Characters."""
Goal = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_GOAL)]
Said = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1)]


class Open(typed.Operation):
    """A subgoal is begun; the words of one that there was in the session open that one again.

    Attributes:
        goal: What is to be reached.
        parent: The open subgoal that it is part of; "": of none; none: of what the open one is
            part of.
    """

    named = ("parent",)
    type: Literal["open"] = "open"
    goal: Goal
    parent: Text | None = None


class Close(typed.Operation):
    """A subgoal ends, and those that are part of it.

    Attributes:
        node: The subgoal.
        reached: Whether it was reached, where somebody judged.
    """

    named = ("node",)
    type: Literal["close"] = "close"
    node: Text
    reached: bool | None = None


class Reopen(typed.Operation):
    """A closed subgoal goes on; what is open and does not hold it is closed."""

    named = ("node",)
    type: Literal["reopen"] = "reopen"
    node: Text


class Summarize(typed.Operation):
    """What came of a closed subgoal, in words: a new summary takes the place of an older one."""

    named = ("node",)
    type: Literal["summarize"] = "summarize"
    node: Text
    summary: Said
    reached: bool | None = None


Operation: TypeAlias = Annotated[Open | Close | Reopen | Summarize, Field(discriminator="type")]
_VOCABULARY = typed.Vocabulary(PREFIX, Operation, __name__)
event_of = _VOCABULARY.event_of


def operation_of(event: Event) -> Operation | None:
    """The operation that an event carries; none for an event that carries none on subgoals.

    Raises:
        InvalidInput: its data are not those of such an operation.
    """
    found: Operation | None = _VOCABULARY.operation_of(event)
    return found
