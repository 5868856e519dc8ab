"""Options that hide hits: near duplicates of better ones, and maximal marginal relevance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agentmem.index.field import FieldIndex

POOL = 5
"""How many times `k` candidates are looked at."""


@dataclass(frozen=True)
class Ranked:
    """Hits to be, best first: slots, row numbers, parts and scores, each (n,)."""

    slots: NDArray[np.int64]
    rows: NDArray[np.int64]
    parts: dict[str, NDArray[np.float64]]
    scores: NDArray[np.float64]

    def take(self, places: NDArray[np.int64]) -> Ranked:
        """Those at `places`, in that order."""
        parts = {name: part[places] for name, part in self.parts.items()}
        return Ranked(self.slots[places], self.rows[places], parts, self.scores[places])

    def first(self, k: int) -> Ranked:
        """The first `k`."""
        return self.take(np.arange(min(k, len(self.slots))))


def without_duplicates(ranked: Ranked, index: FieldIndex, k: int, same: float) -> Ranked:
    """Leave out what has a cosine of at least `same` with a better hit."""
    pool = ranked.first(POOL * k)
    vectors = index.vectors_of(pool.slots)
    kept: list[int] = []
    for place, vector in enumerate(vectors):
        if not kept or not vector.any() or float((vectors[kept] @ vector).max()) < same:
            kept.append(place)
    return pool.take(np.array(kept, np.int64))


def diversify(ranked: Ranked, index: FieldIndex, k: int, relevance: float) -> Ranked:
    """Maximal marginal relevance (Carbonell and Goldstein, 1998), its loss as the part `diversity`.

    The score becomes `relevance` × score - (1 - `relevance`) × the highest cosine with a better hit,
    the cosine scaled by the standard deviation of the scores so that the two can be weighed.
    """
    pool = ranked.first(POOL * k)
    n = len(pool.slots)
    if n == 0:
        return pool
    vectors = index.vectors_of(pool.slots)
    similarity = vectors @ vectors.T
    scale = max(float(pool.scores.std()), 1e-9)
    nearest = np.zeros(n)
    final = np.zeros(n)
    left = np.ones(n, bool)
    order: list[int] = []
    for _ in range(min(k, n)):
        marginal = relevance * pool.scores - (1 - relevance) * scale * nearest
        best = int(np.argmax(np.where(left, marginal, -np.inf)))
        order.append(best)
        final[best] = marginal[best]
        left[best] = False
        nearest = np.maximum(nearest, similarity[best])
    taken = pool.take(np.array(order, np.int64))
    scores = final[order]
    return Ranked(taken.slots, taken.rows, {**taken.parts, "diversity": scores - taken.scores}, scores)
