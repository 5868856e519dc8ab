"""What can be done to a layered memory beyond the shared operations, as typed data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field

from agentmem.records import Event, Json, Record, Text
from agentmem.stores.layered.policy import Importance
from agentmem.stores.typed import Operation, Vocabulary


class Reflect(Operation):
    """A thought on items, kept in the layer of reflections; the event's text says it.

    Attributes:
        items: Ids of the records that it is about.
        importance: How important it is; none: drawn.
        kind: The type of its record.
        metadata: What filters can ask for.
    """

    type: Literal["reflect"] = "reflect"
    named = ("items",)
    items: tuple[Text, ...] = Field(min_length=1)
    importance: Importance | None = None
    kind: Text = "reflection"
    metadata: Json = Field(default_factory=dict)


class Rate(Operation):
    """How important an item has been from its beginning, where nobody had said so.

    Attributes:
        item: Id of its record.
        importance: The importance.
    """

    type: Literal["rate"] = "rate"
    named = ("item",)
    item: Text
    importance: Importance


VOCABULARY = Vocabulary(
    "layered.", Annotated[Reflect | Rate, Field(discriminator="type")], "agentmem.stores.layered.operations"
)


def reflection_event(reflection: Reflect, about: Iterable[Record], text: str, **fields: Any) -> Event:
    """The event of a reflection: caused by the events that the records `about` come from, so that it is
    trusted no more than they are, and is forgotten with any of them, since it may tell what they told.

    Args:
        reflection: The operation, which names these records.
        about: The records.
        text: The thought.
        **fields: Further fields of the event.
    """
    causes = dict.fromkeys(source for record in about for source in record.sources)
    return VOCABULARY.event_of(reflection, text=text, caused_by=tuple(causes), **fields)


event_of, operation_of = VOCABULARY.event_of, VOCABULARY.operation_of
