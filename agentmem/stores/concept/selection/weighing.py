"""Scores as sums: signals times weights, where concepts of the tail have weights of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from agentmem.stores.concept.selection.terms import Floats

RARE = "rare"
"""The part of a score that a concept has for being of the tail."""
UNBOUNDED = frozenset({"popularity", RARE})
"""Signals whose weights may be negative: too many uses can speak against a concept."""
BY_EXPERIENCE: Mapping[str, float] = {
    "embedding": 0.4,
    "bm25": 0.4,
    "popularity": 0.2,
    "vote": 0.2,
    "nearest": 0.1,
    "regression": 0.2,
    "words": 0.2,
    "walk": 0.3,
    "kin": 0.1,
    "takes": 0.0,
    "gives": 0.0,
}
"""Weights without a past, by the first word of a signal's name: about what they are on generated data."""


@dataclass(frozen=True)
class Weights:
    """What each signal counts.

    Attributes:
        common: By signal, for concepts with more than `tail` uses.
        rare: By signal, for the others.
        offset: Added to the score of the others.
        tail: Uses up to which a concept is of the tail.
    """

    common: Mapping[str, float] = field(default_factory=dict)
    rare: Mapping[str, float] = field(default_factory=dict)
    offset: float = 0.0
    tail: int = 10

    def parts(self, signals: Mapping[str, Floats], uses: Floats) -> dict[str, Floats]:
        """By signal and `RARE`, what it adds to the score of each concept, shapes as `uses`, (q, n)."""
        of_tail = uses <= self.tail
        found = {
            name: np.where(of_tail, self.rare.get(name, 0.0), self.common.get(name, 0.0)) * signals[name]
            for name in signals
            if self.common.get(name, 0.0) or self.rare.get(name, 0.0)
        }
        return found | {RARE: np.where(of_tail, self.offset, 0.0)}


def experience(names: list[str]) -> Floats:
    """`BY_EXPERIENCE` of signals; what it says of several by one name is shared among them."""
    heads = [name.split(" ")[0] for name in names]
    return np.array([BY_EXPERIENCE.get(head, 0.0) / heads.count(head) for head in heads])


def single(name: str, tail: int) -> Weights:
    """Nothing but one signal."""
    return Weights({name: 1.0}, {name: 1.0}, 0.0, tail)


def flattened(signals: Floats, of_tail: NDArray[np.bool_]) -> Floats:
    """Signals of rows as features: for the common ones, for the rare ones, and whether it is rare.

    Args:
        signals: Shape (rows, signals).
        of_tail: Shape (rows,).

    Returns:
        Shape (rows, 2 signals + 1), in the order of `unflattened`.
    """
    mask = of_tail[:, None]
    return np.hstack([np.where(mask, 0.0, signals), np.where(mask, signals, 0.0), mask.astype(np.float64)])


def unflattened(names: list[str], weights: Floats, tail: int) -> Weights:
    """Weights of features, shape (2 signals + 1,), by name."""
    size = len(names)
    common, rare = weights[:size].tolist(), weights[size : 2 * size].tolist()
    return Weights(
        dict(zip(names, common, strict=True)),
        dict(zip(names, rare, strict=True)),
        float(weights[2 * size]),
        tail,
    )
