"""What both indexes share: the types of slot space, the order of results, and arrays that grow."""

from __future__ import annotations

from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Slots: TypeAlias = NDArray[np.int64]
Scores: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.bool_]

_Scalar = TypeVar("_Scalar", bound=np.generic)


def best_first(slots: NDArray[np.integer[Any]], scores: Scores, k: int) -> tuple[Slots, Scores]:
    """Return the `k` best of distinct `slots` with their scores, best first, ties by lower slot."""
    if len(slots) > k:
        kept = np.flatnonzero(scores >= kth_best(scores, k))
        slots, scores = slots[kept], scores[kept]
    order = np.lexsort((slots, -scores))[:k]
    return slots[order].astype(np.int64), scores[order]


def kth_best(scores: Scores, k: int) -> float:
    """The `k`th highest of at least `k` scores."""
    return float(np.partition(scores, len(scores) - k)[len(scores) - k])


def grown(array: NDArray[_Scalar], size: int, fill: float = 0) -> NDArray[_Scalar]:
    """Return `array` itself where it has `size` rows, else a copy with room to spare, filled up."""
    if size <= len(array):
        return array
    shape = (max(size, len(array) * 3 // 2), *array.shape[1:])
    # Zeros are pages that the system hands out when they are first written to.
    room = np.full(shape, fill, array.dtype) if fill else np.zeros(shape, array.dtype)
    room[: len(array)] = array
    return room
