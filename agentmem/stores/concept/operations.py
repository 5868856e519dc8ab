"""What can be done to a concept memory, as data: methods and abstractors make it, `apply` carries it out."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints

from agentmem.records import Event, Text
from agentmem.stores import typed
from agentmem.stores.concept.content import Form
from agentmem.stores.concept.routines import Parameter

PREFIX = "concept."
LONGEST_TITLE = 500
"""Characters."""
Title = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE)]


class Told(typed.Operation):
    """What is said of a concept: fields that `state` and `revise` share.

    Attributes:
        title: What it is called; of an open-ended one: the situation.
        aliases: What else it is called.
        kind: `type`, `structure`, `routine`, …
        description: What it is; of an open-ended one: the suggestion.
        parameters: What it takes.
        output: The type of what it gives.
        cues: When it may be relevant.
        notes: How it is carried out.
    """

    title: Title | None = None
    aliases: tuple[Title, ...] = ()
    kind: Text = ""
    description: Text = ""
    parameters: tuple[Parameter, ...] = ()
    output: Text = ""
    cues: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()


class State(Told):
    """A concept: new, or more about one of that name or id; nothing that was said of it is taken away.

    Attributes:
        node: The concept that it is said of; none: the one of its title, or a new one.
        form: How it is written.
        used_in: Ids of the records of problems in whose solutions it is used.
        similar_to: Ids of concepts that it is like, and may be one with.
    """

    named = ("node", "used_in", "similar_to")
    type: Literal["state"] = "state"
    node: Text | None = None
    form: Form = "ps"
    used_in: tuple[Text, ...] = ()
    similar_to: tuple[Text, ...] = ()


class Idea(Told):
    """One concept among those that a problem teaches."""

    named = ()
    form: Form = "ps"


class Learn(typed.Operation):
    """What the solution of a problem teaches: concepts that are stated together, all of them used in it.

    Attributes:
        problem: Id of the problem's record.
        ideas: What is said of each.
    """

    named = ("problem",)
    type: Literal["learn"] = "learn"
    problem: Text
    ideas: tuple[Idea, ...] = Field(min_length=1)


class Revise(Told):
    """Other words in the place of those that a concept has, field by field; its history keeps them."""

    named = ("node",)
    type: Literal["revise"] = "revise"
    node: Text


class Use(typed.Operation):
    """Concepts that are used in the solution of a problem.

    Attributes:
        problem: Id of the problem's record.
        nodes: The concepts.
    """

    named = ("problem", "nodes")
    type: Literal["use"] = "use"
    problem: Text
    nodes: tuple[Text, ...] = Field(min_length=1)


class Merge(typed.Operation):
    """One concept in the place of two: all that was said of either stands, and what differs is shown so.

    Attributes:
        node: One of them.
        other: The other one.
    """

    named = ("node", "other")
    type: Literal["merge"] = "merge"
    node: Text
    other: Text


class Vote(typed.Operation):
    """For or against a rule (ExpeL): one that more are against than for leaves the memory."""

    named = ("node",)
    type: Literal["vote"] = "vote"
    node: Text
    value: int = Field(ge=-2, le=2)


class Refuse(typed.Operation):
    """What an abstractor wanted to write and a gate did not let through: noted, and nothing changes.

    Attributes:
        problem: Id of the problem's record.
        gate: Which gate.
        title: Of what was refused.
    """

    named = ("problem",)
    type: Literal["refuse"] = "refuse"
    problem: Text
    gate: Text
    title: Text = ""


Operation: TypeAlias = Annotated[
    State | Learn | Revise | Use | Merge | Vote | Refuse, Field(discriminator="type")
]
_VOCABULARY = typed.Vocabulary(PREFIX, Operation, __name__)
event_of = _VOCABULARY.event_of


def operation_of(event: Event) -> Operation | None:
    """The operation that an event carries; none for an event that carries none of a concept memory.

    Raises:
        InvalidInput: its data are not those of such an operation.
    """
    found: Operation | None = _VOCABULARY.operation_of(event)
    return found
