"""What rows of a damaged file make of the code that reads them becomes an error that says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from agentmem.errors import Damaged, InvalidInput

STRANGE = (ValueError, KeyError, TypeError, AttributeError, OverflowError, InvalidInput)
"""What values raise that no writer of ours has written: JSON, states, times, texts of another type."""


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Around code whose only input is what the database holds.

    Raises:
        Damaged: it holds what was never written.
    """
    try:
        yield
    except STRANGE as error:
        raise Damaged(
            f"{what} cannot be read: {type(error).__name__}: {error}",
            "run `agentmem verify`; restore a backup where it does not say what to do",
        ) from error


def strays(what: str) -> Damaged:
    """The error for a row of another namespace: an index that is damaged leads there."""
    return Damaged(f"{what} stands in another namespace than its index says", "run `agentmem verify`")


def not_as_written(what: str, remedy: str) -> Damaged:
    """The error for what is readable, and has not the hash that was written beside it."""
    return Damaged(f"{what} is not what was written: its hash is another one", remedy)
