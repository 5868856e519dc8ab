"""How near texts are in meaning, their vectors asked for once and together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from agentmem.stores.task.rule.phrases import plain

Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]


class Meanings:
    """Vectors of the texts of one utterance and of the slots, whatever their case.

    Args:
        embed: Gives unit vectors, shape (n, d).
    """

    def __init__(self, embed: Embed) -> None:
        self._embed = embed
        self._vectors: dict[str, Vectors] = {}

    def learn(self, texts: Iterable[str]) -> None:
        """Ask for the vectors of those that are not known yet, in one call."""
        asked = dict.fromkeys(plain(text) for text in texts)
        new = [text for text in asked if text.strip() and text not in self._vectors]
        if new:
            self._vectors |= dict(zip(new, self._embed(new), strict=True))

    def of(self, texts: Sequence[str]) -> Vectors:
        """The vectors of `texts`, which are known, shape (texts, d)."""
        return np.stack([self._vectors[plain(text)] for text in texts])

    def near(self, one: str, *others: str) -> float:
        """The greatest cosine of `one` with any of `others`; 0 where a vector is not known."""
        mine = self._vectors.get(plain(one))
        known = [self._vectors[key] for other in others if (key := plain(other)) in self._vectors]
        return max((float(mine @ other) for other in known), default=0.0) if mine is not None else 0.0
