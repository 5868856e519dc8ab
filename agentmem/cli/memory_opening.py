"""A memory of one kind behind the command line: opened to be looked at, to be changed, or to begin with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from agentmem.cli import opening
from agentmem.errors import InvalidInput

if TYPE_CHECKING:
    from agentmem.bank import Bank
    from agentmem.cli.opening import Opened
    from agentmem.records import Namespace
    from agentmem.stores import MemoryStore

Memory = TypeVar("Memory", bound="MemoryStore")


@dataclass(frozen=True)
class Where:
    """Which memory, and by which model, as typed."""

    db: str | None
    namespace: str | None
    model: str | None = None


@contextmanager
def reading(kind: type[Memory], where: Where) -> Iterator[tuple[Memory, Opened]]:
    """The memory of a namespace that was written to; one that has none yet gets none by this.

    Raises:
        NotFound: nothing was ever written to the namespace.
    """
    from agentmem.bank import MemorySpec

    with opening.reading(where.db, where.namespace, where.model) as opened:
        made = opened.known().bank.make_store(MemorySpec(store=kind.name), opened.namespace)
        yield of_kind(made, kind), opened


@contextmanager
def changing(
    kind: type[Memory], where: Where, options: Mapping[str, Any] | None = None
) -> Iterator[tuple[Memory, Opened]]:
    """The memory of a namespace that was written to; where there is none, it is made now.

    Args:
        kind: Its class.
        where: The bank and the namespace.
        options: Those of the store; none: those that it has.

    Raises:
        NotFound: nothing was ever written to the namespace.
        InvalidInput: it is there, with other options.
    """
    from agentmem.bank import MemorySpec

    with opening.reading(where.db, where.namespace, where.model) as opened:
        spec = MemorySpec(store=kind.name, options=dict(options or {}))
        yield of_kind(opened.known().bank.store(spec, opened.namespace), kind), opened


@contextmanager
def beginning(
    kind: type[Memory], where: Where, options: Mapping[str, Any]
) -> Iterator[tuple[Memory, Opened]]:
    """The memory of a namespace, made now with `options` where there is none; else as it is."""
    from agentmem.bank import MemorySpec

    with opening.writing(where.db, where.namespace, where.model) as opened:
        bank, place = opened.bank, opened.namespace
        given = {} if is_there(bank, place, kind.name) else dict(options)
        yield of_kind(bank.store(MemorySpec(store=kind.name, options=given), place), kind), opened


def is_there(bank: Bank, namespace: Namespace, store: str) -> bool:
    """Whether a namespace has a memory; a namespace that was never written to is not made by this."""
    return bool(bank.numbers(namespace)) and store in bank.attached_by_name(namespace)


def of_kind(store: MemoryStore, kind: type[Memory]) -> Memory:
    """The store, where it is what its name stands for.

    Raises:
        InvalidInput: another package has given the name to a store of its own.
    """
    if not isinstance(store, kind):
        raise InvalidInput(
            f"the store {kind.name!r} is a {type(store).__name__}", "remove the package it is from"
        )
    return store


def check_option(memory: MemoryStore, name: str, value: object) -> None:
    """See to it that a memory that is there has an option as it is given.

    Raises:
        InvalidInput: it has another.
    """
    if memory.option(name) != value:
        raise InvalidInput(
            f"the {name} of this memory is {memory.option(name)!r}, not {value!r}",
            f"leave --{name} out, or use another namespace",
        )
