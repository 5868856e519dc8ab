"""What can be opened by a name: built in, or by the entry point of another package."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import TypeVar

from agentmem.errors import InvalidInput

Factory = TypeVar("Factory")


def factory(what: str, name: str, built_in: Mapping[str, Factory], group: str) -> tuple[Factory, str]:
    """What makes `name`, written `KIND` or `KIND:WHICH`, and the `WHICH` of it.

    Args:
        what: What is opened, to be named in errors: `embedder`.
        name: As the user wrote it.
        built_in: Factories by kind.
        group: The entry points of others.

    Raises:
        InvalidInput: there is no such kind.
    """
    kind, _, which = name.partition(":")
    if kind in built_in:
        return built_in[kind], which
    others = entry_points(group=group)
    if kind not in others.names:
        known = ", ".join(sorted({*built_in, *others.names}))
        raise InvalidInput(f"no {what} is called {name!r}", f"known are: {known}")
    found: Factory = others[kind].load()
    return found, which
