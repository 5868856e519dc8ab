"""What can be done to a profile beyond the shared operations, as typed data."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from agentmem.records import Text
from agentmem.stores.profile.notes import Note
from agentmem.stores.typed import Operation, Vocabulary


class Learn(Operation):
    """What an observation told of its speaker; the event is caused by the observation, and has its time.

    Attributes:
        notes: The findings.
        answers: Standing questions, by id of their records, that new facts belong to: places in `notes`.
    """

    type: Literal["learn"] = "learn"
    named = ()
    notes: tuple[Note, ...] = Field(min_length=1)
    answers: dict[Text, tuple[int, ...]] = Field(default_factory=dict)


class Stand(Operation):
    """A question whose answer is kept, and follows what it rests on.

    Attributes:
        question: The question.
        items: Ids of the records that answer it.
        keys: The keys of these, by which they are found where a replay gives them other ids.
    """

    type: Literal["stand"] = "stand"
    named = ("items",)
    question: Text = Field(min_length=1)
    items: tuple[Text, ...] = ()
    keys: tuple[Text, ...] = ()


VOCABULARY = Vocabulary(
    "profile.", Annotated[Learn | Stand, Field(discriminator="type")], "agentmem.stores.profile.operations"
)
event_of, operation_of = VOCABULARY.event_of, VOCABULARY.operation_of
