"""How good rankings of concepts were for the past: recall, on all and on the tail, beside single signals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agentmem.stores.concept.selection.policy import SelectionPolicy
from agentmem.stores.concept.selection.terms import Floats


@dataclass(frozen=True, eq=False)
class Recall:
    """Mean recall@k over problems.

    Attributes:
        all: Of the concepts that they used, shape (cutoffs,).
        tail: Of those of the tail, over the problems that used one, shape (cutoffs,); 0 without such.
    """

    all: Floats
    tail: Floats


def recall(
    scores: Floats,
    group: NDArray[np.int64],
    used: NDArray[np.bool_],
    rare: NDArray[np.bool_],
    cutoffs: tuple[int, ...],
) -> Recall:
    """The recall of rankings by `scores`, one a group, ties by row.

    Args:
        scores: Shape (rows,).
        group: Of each row, ascending, shape (rows,).
        used: Whether it should be found, shape (rows,).
        rare: Whether it is of the tail, shape (rows,).
        cutoffs: The k.
    """
    order = np.lexsort((-scores, group))
    sizes = np.bincount(group)
    starts = np.cumsum(sizes) - sizes
    rank = np.empty(len(scores), np.int64)
    rank[order] = np.arange(len(scores)) - starts[group[order]]
    return Recall(
        all=np.array([_mean(group, used, used & (rank < k)) for k in cutoffs]),
        tail=np.array([_mean(group, used & rare, used & rare & (rank < k)) for k in cutoffs]),
    )


def _mean(group: NDArray[np.int64], wanted: NDArray[np.bool_], found: NDArray[np.bool_]) -> float:
    there = np.bincount(group, wanted)
    having = there > 0
    return float((np.bincount(group, found)[having] / there[having]).mean()) if having.any() else 0.0


def worth(found: Recall, best: Recall, policy: SelectionPolicy) -> float:
    """What a recall is worth beside the best that any single signal has at each cutoff.

    Of the share x above it, margin (1 - exp(-x / margin)): the farther above, the less more is worth; below,
    on all concepts, each step costs more than the one before, and on the tail as much. All concepts count
    `priority` times. The mean over the cutoffs is taken.
    """
    above_all, above_tail = _above(found.all, best.all), _above(found.tail, best.tail)
    of_all = _saturated(above_all, policy.margin)
    of_tail = np.where(above_tail < 0, above_tail, _saturated(above_tail, policy.margin))
    return float((policy.priority * of_all + of_tail).mean())


def _saturated(above: Floats, margin: float) -> Floats:
    return np.asarray(margin * (1 - np.exp(-above / margin)))


def _above(found: Floats, best: Floats) -> Floats:
    """The share by which a recall is above the best, by cutoff; what it is itself where the best is 0."""
    return np.where(best > 0, found / np.where(best > 0, best, 1.0) - 1, found)
