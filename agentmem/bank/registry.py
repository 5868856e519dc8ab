"""Stores by name: installed ones by entry point, and those that a program registers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from pydantic import ValidationError

from agentmem.bank.spec import MemorySpec
from agentmem.errors import InvalidInput, NotFound
from agentmem.faults import first_fault
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


def store_class(name: str, beside: Collection[str] = ()) -> type[MemoryStore]:
    """The class of the store `name`.

    Args:
        name: Its name.
        beside: Further names that can be given in its place; told where there is no such store.

    Raises:
        NotFound: no such store is registered or installed.
    """
    if name not in _registered:
        for entry in entry_points(group=GROUP, name=name):
            register(entry.load())
        if name not in _registered:
            there = ", ".join(sorted({*names(), *beside}))
            raise NotFound(
                f"no store {name!r} is installed (there are: {there})",
                "install the package that carries it, or register its class",
            )
    return _registered[name]


def names() -> list[str]:
    """The names of all stores there are."""
    return sorted({*_registered, *(entry.name for entry in entry_points(group=GROUP))})


SUM = "+"
"""Between the names of stores that are one memory: `profile+episodic`."""
COMPOSITE = "composite"
"""The store that a sum is."""


def spec_of(
    spec: MemorySpec | str | type[MemoryStore], named: Mapping[str, MemorySpec] | None = None
) -> MemorySpec:
    """The memory that is meant, wherever one is named; a class is registered by the way.

    Args:
        spec: A spec, or its JSON; the name of a store, or of several with `+` between them, which are a
            composite; a store's class.
        named: Names that mean a memory beside those of stores, and before them.

    Raises:
        InvalidInput: a sum in which a name is missing, comes twice, or is one of a sum; JSON of no spec.
        NotFound: no memory has that name.
    """
    if isinstance(spec, MemorySpec):
        return spec
    if not isinstance(spec, str):
        return MemorySpec(store=register(spec).name)
    if is_json(spec):
        return _of_json(spec)
    found = {name: _of_name(name, named or {}) for name in _summands(spec)}
    if len(found) == 1:
        return next(iter(found.values()))
    for name, one in found.items():
        if one.store == COMPOSITE:
            raise InvalidInput(f"{name!r} in {spec!r} is a sum itself", "name the stores that it joins")
    return MemorySpec(store=COMPOSITE, members=tuple(found.values()))


def is_json(text: str) -> bool:
    """Whether a text that says which memory is meant is no name, but the JSON of a spec."""
    return text.lstrip().startswith("{")


def _summands(text: str) -> list[str]:
    """The names in a sum, or the one name there is."""
    found = [name.strip() for name in text.split(SUM)]
    if len(found) > 1 and not all(found):
        raise InvalidInput(f"{text!r} names no store on one side", "write two names: profile+episodic")
    twice = next((name for name in found if found.count(name) > 1), None)
    if twice is not None:
        raise InvalidInput(f"{text!r} names {twice!r} twice", "name each once: profile+episodic")
    return found


def _of_name(name: str, named: Mapping[str, MemorySpec]) -> MemorySpec:
    if name not in named:
        store_class(name, named)  # says which there are
    return named.get(name, MemorySpec(store=name))


def _of_json(text: str) -> MemorySpec:
    try:
        return MemorySpec.model_validate_json(text)
    except ValidationError as error:
        fault = first_fault(error)
        told = ": ".join(part for part in (fault.where, fault.message) if part)
        raise InvalidInput(
            f"memory {text!r:.80} is no specification: {told}",
            'write {"store": NAME, "options": {…}}',
        ) from error


def make(bank: Bank, spec: MemorySpec, namespace: Namespace) -> MemoryStore:
    """The store of `spec` over `namespace`.

    Raises:
        NotFound: no such store.
        InvalidInput: its options are not what the store takes.
    """
    return store_class(spec.store)(bank, namespace, spec)
