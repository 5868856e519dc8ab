"""Weights of signals that put the concepts that were used above those that were not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agentmem.stores.concept.selection.terms import Floats

STEPS = 60
"""Of the optimiser, at most; it is done before in the most cases."""


@dataclass(frozen=True, eq=False)
class Examples:
    """Concepts that problems of the past were asked about, in groups, one a problem.

    Attributes:
        features: Shape (rows, weights).
        group: The problem of each row, ascending, shape (rows,).
        used: Whether the problem used it, shape (rows,).
        rare: Whether it is of the tail, shape (rows,).
        stands_for: How many concepts each row stands for, shape (rows,); 1 for those that were used.
    """

    features: Floats
    group: NDArray[np.int64]
    used: NDArray[np.bool_]
    rare: NDArray[np.bool_]
    stands_for: Floats

    def of(self, groups: NDArray[np.int64]) -> Examples:
        """Those of some of the problems."""
        kept = np.isin(self.group, groups)
        return Examples(
            self.features[kept], self.group[kept], self.used[kept], self.rare[kept], self.stands_for[kept]
        )


def fitted(
    examples: Examples,
    prior: Floats,
    free: NDArray[np.bool_],
    *,
    shrinkage: float,
    leaning: float,
    start: Floats,
) -> Floats:
    """The weights, shape (weights,), that make the used concepts of each problem likely among the others.

    Each used concept competes with the unused ones of its problem in a softmax (the listwise loss of Cao et
    al. 2007 with one relevant item each); the mean of the negative logarithms plus `shrinkage` times the
    squared distance from `prior` is least. The problem is convex, so the answer is one and the same.

    Args:
        examples: The past.
        prior: Weights without a past.
        free: Which weights may be negative.
        shrinkage: Pull towards `prior`.
        leaning: How many times as much a used concept of the tail counts.
        start: Where to begin; the nearer, the sooner it is done.
    """
    from scipy.optimize import minimize

    _, group = np.unique(examples.group, return_inverse=True)
    if not examples.used.any():
        return prior
    used = np.flatnonzero(examples.used)
    own = group[used]
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    unused = np.where(examples.used, 0.0, examples.stands_for)
    counts = np.where(examples.rare[used], leaning, 1.0)
    counts /= counts.sum()
    features = examples.features

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = features @ weights
        top = np.maximum.reduceat(scores, starts)
        scores = np.exp(scores - top[group])
        others = np.add.reduceat(scores * unused, starts)[own]
        chance = scores[used] / (scores[used] + others)
        # By score: -(1 - chance) of a used concept, and its share of `others` of each unused one.
        pull = np.bincount(own, counts / (scores[used] + others), minlength=len(starts))
        by_score = scores * unused * pull[group]
        by_score[used] -= counts * (1 - chance)
        off = weights - prior
        value = -(counts * np.log(np.maximum(chance, np.finfo(np.float64).tiny))).sum()
        return value + shrinkage * (off @ off), features.T @ by_score + 2 * shrinkage * off

    bounds = [(None, None) if one else (0.0, None) for one in free]
    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": STEPS, "ftol": 1e-7}
    )
    return np.asarray(found.x, np.float64)
