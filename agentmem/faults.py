"""What pydantic found wrong with a value first, as messages tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pydantic import ValidationError


class Fault(NamedTuple):
    """A fault of a value.

    Attributes:
        where: The field, parts of fields after dots; empty: the value as a whole.
        message: What is wrong with it.
        given: What was given there.
    """

    where: str
    message: str
    given: Any


def first_fault(error: ValidationError) -> Fault:
    """The first fault that an error tells."""
    first = error.errors()[0]
    return Fault(".".join(str(part) for part in first["loc"]), first["msg"], first["input"])
