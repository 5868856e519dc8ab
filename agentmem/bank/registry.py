"""Stores by name: installed ones by entry point, and those that a program registers."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from agentmem.bank.spec import MemorySpec
from agentmem.errors import InvalidInput, NotFound
from agentmem.records import Namespace

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank
    from agentmem.stores.base import MemoryStore

GROUP = "agentmem.stores"
_registered: dict[str, type[MemoryStore]] = {}


def register(store: type[MemoryStore]) -> type[MemoryStore]:
    """Make a store's class known by its name in this process; usable as a decorator."""
    _registered[store.name] = store
    return store


def store_class(name: str) -> type[MemoryStore]:
    """The class of the store `name`.

    Raises:
        NotFound: no such store is registered or installed.
    """
    if name not in _registered:
        for entry in entry_points(group=GROUP, name=name):
            register(entry.load())
        if name not in _registered:
            raise NotFound(
                f"no store {name!r} is installed (there are: {', '.join(names())})",
                "install the package that carries it, or register its class",
            )
    return _registered[name]


def names() -> list[str]:
    """The names of all stores there are."""
    return sorted({*_registered, *(entry.name for entry in entry_points(group=GROUP))})


SUM = "+"
"""Between the names of stores that are one memory: `profile+episodic`."""


def spec_of(spec: MemorySpec | str | type[MemoryStore]) -> MemorySpec:
    """`spec` as a spec; a class is registered by the way, several names are a composite.

    Raises:
        InvalidInput: a sum of names in which one is missing.
    """
    if isinstance(spec, MemorySpec):
        return spec
    if not isinstance(spec, str):
        return MemorySpec(store=register(spec).name)
    first, *others = (name.strip() for name in spec.split(SUM))
    if not others:
        return MemorySpec(store=first)
    if not all((first, *others)):
        raise InvalidInput(f"{spec!r} names no store on one side", "write two names: profile+episodic")
    return MemorySpec(store="composite", members=tuple(MemorySpec(store=name) for name in (first, *others)))


def make(bank: Bank, spec: MemorySpec, namespace: Namespace) -> MemoryStore:
    """The store of `spec` over `namespace`.

    Raises:
        NotFound: no such store.
        InvalidInput: its options are not what the store takes.
    """
    return store_class(spec.store)(bank, namespace, spec)
