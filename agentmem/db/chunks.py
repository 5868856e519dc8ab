"""Lists in pieces. As bind parameters that is for hashes: `many.among` takes numbers and strings whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
SIZE = 900


def chunks(values: Iterable[T], size: int = SIZE) -> Iterator[Sequence[T]]:
    """`values` in lists of at most `size`."""
    remaining = iter(values)
    while chunk := list(islice(remaining, size)):
        yield chunk
