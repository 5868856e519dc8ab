"""What says which memory is meant: a store's name, its options, and the members of a composite."""

from __future__ import annotations

from pydantic import Field

from agentmem.records import Json, Text, Value


class MemorySpec(Value):
    """A store as data: kept in the bank, written in YAML, given to the CLI.

    Attributes:
        store: The name under which the store is installed.
        options: Options of that store; it validates them.
        members: The stores that a composite joins.
    """

    store: Text
    options: Json = Field(default_factory=dict)
    members: tuple[MemorySpec, ...] = ()
