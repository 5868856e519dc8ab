"""Operations of a store as typed data: what its public methods build, and `apply` carries out."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from pydantic import TypeAdapter, ValidationError

from agentmem.errors import InvalidInput
from agentmem.faults import first_fault
from agentmem.records import Event, Text, Value


class Operation(Value):
    """Base: which records an operation is about, and why.

    Attributes:
        why: The reason, as it was said.
    """

    named: ClassVar[tuple[str, ...]]
    """The fields that hold ids of records; the first one is that of the record it is about."""

    why: Text = ""

    def ids(self) -> tuple[str, ...]:
        """The ids of all records it names, the one that it is about first."""
        found: list[str] = []
        for name in self.named:
            value = getattr(self, name)
            found += [value] if isinstance(value, str) else value or ()
        return tuple(dict.fromkeys(one for one in found if one))

    def renamed(self, ids: dict[str, str]) -> Any:
        """The same with ids in the place of handles."""
        changes: dict[str, Any] = {}
        for name in self.named:
            value = getattr(self, name)
            if isinstance(value, str):
                changes[name] = ids.get(value, value)
            elif value is not None:
                changes[name] = tuple(ids.get(one, one) for one in value)
        return self.altered(changes)


Made = TypeVar("Made", bound=Value)


class Vocabulary:
    """The operations of one store, as the data of events.

    Args:
        prefix: What the types of their events begin with: `task.`.
        union: The operations, told apart by their field `type`.
        module: Where they are described, for messages.
    """

    def __init__(self, prefix: str, union: Any, module: str) -> None:
        self.prefix = prefix
        self._module = module
        self._adapter: TypeAdapter[Any] = TypeAdapter(union)

    def event_of(self, operation: Operation, **fields: Any) -> Event:
        """The event that carries an operation; `fields` are further fields of the event."""
        told = operation.model_dump(mode="json", exclude={"type", "handle"}, exclude_defaults=True)
        kind = getattr(operation, "type")  # noqa: B009  each operation has one; the base cannot say which
        return Event(type=f"{self.prefix}{kind}", about=operation.ids(), data=told, **fields)

    def operation_of(self, event: Event) -> Any:
        """The operation that an event carries; none for an event of another type.

        Raises:
            InvalidInput: its data are not those of such an operation.
        """
        if not event.type.startswith(self.prefix):
            return None
        try:
            return self._adapter.validate_python({**event.data, "type": event.type.removeprefix(self.prefix)})
        except ValidationError as error:
            fault = first_fault(error)
            raise InvalidInput(
                f"operation {event.type!r}: {fault.where}: {fault.message}", f"see {self._module}"
            ) from error


def checked(operation: type[Made], /, **fields: Any) -> Made:
    """An operation, or another value, of `fields`.

    Raises:
        InvalidInput: one cannot be what it should be.
    """
    try:
        return operation(**fields)
    except ValidationError as error:
        fault = first_fault(error)
        raise InvalidInput(
            f"{operation.__name__.lower()}: {fault.where}: {fault.message}",
            f"{fault.where} was {fault.given!r:.60}",
        ) from error
