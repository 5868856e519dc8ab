"""Whose memory a run uses: a namespace, also by what the runtime's context says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from agentmem.errors import InvalidInput
from agentmem.records import Namespace, clean_namespace

Where = Namespace | Callable[[Any], Namespace]
"""A namespace whose labels may name fields of the runtime's context, `("acme", "{user_id}")`; or what makes
one of the context."""
_FIELD = re.compile(r"\{(\w+)\}")


def namespace_of(where: Where, context: object) -> Namespace:
    """The namespace for a run.

    Raises:
        InvalidInput: the context lacks a field that a label names, or a label comes out empty.
    """
    if callable(where):
        return clean_namespace(where(context))
    return clean_namespace(
        tuple(_FIELD.sub(lambda found: _value(context, found[1]), label) for label in where)
    )


def _value(context: object, name: str) -> str:
    value = context.get(name) if isinstance(context, Mapping) else getattr(context, name, None)
    if value is None or value == "":
        raise InvalidInput(
            f"the namespace needs {name!r}, which the runtime's context does not have",
            f"run the agent with context=…, which has {name}",
        )
    return str(value)
