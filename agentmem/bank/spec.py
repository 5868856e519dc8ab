"""What says which memory is meant: a store's name, its options, and the members of a composite."""

from __future__ import annotations

from pydantic import Field, JsonValue

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

    @property
    def parts(self) -> tuple[MemorySpec, ...]:
        """The stores that it is made of: its members, or itself."""
        return self.members or (self,)

    def part(self, store: str) -> MemorySpec | None:
        """The part that is a `store`; none: there is none."""
        return next((one for one in self.parts if one.store == store), None)

    def with_options(self, store: str, **options: JsonValue) -> MemorySpec:
        """This spec, in which the part that is a `store` has these options over its own."""
        if self.members:
            members = tuple(one.with_options(store, **options) for one in self.members)
            return self.altered({"members": members})
        return self if self.store != store else self.altered({"options": {**self.options, **options}})
