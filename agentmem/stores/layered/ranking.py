"""The exact best under γ = R + S + I/100, without scoring what cannot be among them. Pure functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from agentmem.stores.layered.policy import LayerPolicy
from agentmem.stores.layered.trajectory import (
    MOST,
    Amounts,
    Ladder,
    Standings,
    importance_at,
    recency_at,
)

Places: TypeAlias = NDArray[np.int64]
Relevance = Callable[[Places], Amounts]
"""Cosines of items with the question, by their places; NaN counts as 0."""
MOST_RELEVANT = 1.001
"""No cosine is above it: vectors of length 1, kept in float16."""
FIRST_BLOCK = 2_048
"""Items whose relevance is looked up first."""


class Fixed:
    """What time alone says of n items: the parts of their rank beside relevance.

    Attributes:
        layer: Number of the layer, shape (n,).
        recency: Weighted, shape (n,).
        importance: Weighted and capped, of 1, shape (n,).
    """

    def __init__(self, ladder: Ladder, standings: Standings, at: int) -> None:
        weights = weights_of(ladder.policy)
        self.layer = standings.layer
        self.recency = weights[self.layer, 0] * recency_at(ladder, standings, at)
        raw = np.minimum(importance_at(ladder, standings, at), MOST) / MOST
        self.importance = weights[self.layer, 2] * raw
        self.relevance_weight = weights[self.layer, 1]

    @property
    def sum(self) -> Amounts:
        """Both, shape (n,)."""
        return np.asarray(self.recency + self.importance)


def weights_of(policy: LayerPolicy) -> Amounts:
    """Weights of recency, relevance and importance by layer, shape (layers, 3)."""
    return np.array(
        [(one.weights.recency, one.weights.relevance, one.weights.importance) for one in policy.layers]
    )


def best(fixed: Amounts, weight: Amounts, relevance: Relevance, k: int) -> tuple[Places, Amounts, Amounts]:
    """The `k` items with the highest `fixed` + `weight` x relevance, best first; ties by lower place.

    Items are looked at from the highest `fixed` down, until none that is left can reach the k-th best: no
    relevance is above 1. (The threshold algorithm, Fagin et al. 2003, with one list that must be computed.)

    Args:
        fixed: Of each item, shape (n,).
        weight: Of its relevance, at least 0, shape (n,).
        relevance: Looks cosines up.
        k: How many.

    Returns:
        Places, scores and cosines, each shape (up to k,).
    """
    left = np.arange(len(fixed))
    reach = fixed + weight * MOST_RELEVANT
    places, scores, cosines = np.zeros(0, np.int64), np.zeros(0), np.zeros(0)
    block = max(FIRST_BLOCK, 2 * k)
    while len(left) and k > 0:
        if len(left) > block:
            order = np.argpartition(-reach[left], block)
            now, left = left[order[:block]], left[order[block:]]
        else:
            now, left = left, left[:0]
        found = np.nan_to_num(np.asarray(relevance(now), np.float64))
        places = np.concatenate([places, now])
        cosines = np.concatenate([cosines, found])
        scores = np.concatenate([scores, fixed[now] + weight[now] * found])
        order = np.lexsort((places, -scores))[:k]
        places, scores, cosines = places[order], scores[order], cosines[order]
        if len(places) == k:
            left = left[reach[left] >= scores[-1]]
        block *= 2
    return places, scores, cosines
