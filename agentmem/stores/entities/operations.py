"""What can be done to entities beyond the shared operations, as typed data.

Names are told beside ids: an id is called after the event that first named the entity, and changes where
that one is forgotten; the name stays.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from agentmem.records import Text, Value
from agentmem.stores.entities.names import Kind
from agentmem.stores.typed import Operation, Vocabulary


class Named(Value):
    """A name that an observation says, or its speaker's.

    Attributes:
        name: As it was seen.
        kind: What it is of.
        speaks: Whether it is the speaker's.
    """

    name: Text = Field(min_length=1)
    kind: Kind = "thing"
    speaks: bool = False


class Mention(Operation):
    """Whom and what an observation names; the event is caused by the observation, and has its time."""

    type: Literal["mention"] = "mention"
    named = ()
    names: tuple[Named, ...] = Field(min_length=1)


class Merge(Operation):
    """Two entities are one.

    Attributes:
        into: The one that stays.
        other: The one that becomes a part of it.
        names: A name of each, in that order.
    """

    type: Literal["merge"] = "merge"
    named = ("into", "other")
    into: Text
    other: Text
    names: tuple[Text, Text]


class Split(Operation):
    """Names of an entity are another one's.

    Attributes:
        entity: The entity.
        name: A name of it that stays.
        names: Those that leave it, and are one entity from now on.
    """

    type: Literal["split"] = "split"
    named = ("entity",)
    entity: Text
    name: Text
    names: tuple[Text, ...] = Field(min_length=1)


class Alias(Operation):
    """An entity has a further name, whether anybody said it yet or not.

    Attributes:
        entity: The entity.
        name: A name of it.
        alias: The further one.
    """

    type: Literal["alias"] = "alias"
    named = ("entity",)
    entity: Text
    name: Text
    alias: Text = Field(min_length=1)


VOCABULARY = Vocabulary(
    "entity.",
    Annotated[Mention | Merge | Split | Alias, Field(discriminator="type")],
    "agentmem.stores.entities.operations",
)
event_of, operation_of = VOCABULARY.event_of, VOCABULARY.operation_of
