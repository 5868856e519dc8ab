"""How a check speaks: a promise that was not kept, or one that a store does not make."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from agentmem.testing.trial import Trial

Check = Callable[["Trial"], None]
"""Gets a fresh trial; returns where the promise is kept, raises `Unmet` or `DoesNotApply` with the reason."""

C = TypeVar("C", bound=Check)


class Unmet(AssertionError):
    """A promise was not kept; the message says which, and by what."""


class DoesNotApply(Exception):
    """The store makes no such promise; the message says why."""


def expect(holds: bool, otherwise: str) -> None:
    """Go on where `holds`.

    Raises:
        Unmet: it does not; `otherwise` is the reason.
    """
    if not holds:
        raise Unmet(otherwise)


def slow(check: C) -> C:
    """Mark a check that takes seconds: it is run only when asked for."""
    check.slow = True  # type: ignore[attr-defined]
    return check


def is_slow(check: Check) -> bool:
    """Whether `check` is run only when asked for."""
    return getattr(check, "slow", False)


def told(check: Check) -> str:
    """What `check` holds a store to, in a line: the first of its docstring."""
    return (check.__doc__ or "").strip().partition("\n")[0]
