"""The candidate table: the best of both sides with their neighbours, and the raw figures of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from agentmem.bank.chain import NONE
from agentmem.bank.shelf import Shelf
from agentmem.index.analysis import stems
from agentmem.index.field import FieldIndex
from agentmem.retrieval.policy import RetrievalPolicy
from agentmem.retrieval.question import Question
from agentmem.retrieval.times import EXPRESSION
from agentmem.telemetry import part

REACH = 2
"""How many neighbours on each side may lend."""


@dataclass(frozen=True)
class Table:
    """n candidates as columns; pure data for the steps.

    Attributes:
        question: The question, taken apart.
        shelf: Where the candidates stand.
        slots: Their slots, ascending, shape (n,).
        answers: Which of them may be hits; the others only lend, shape (n,).
        around: Places in the table of the records 2 and 1 before, itself, 1 and 2 after (n: none),
            shape (n, 5).
        cosine: Cosine with the question; NaN without a vector, shape (n,).
        words: BM25 of each of the question's words, shape (words, n).
        coverage: Share, by idf, of the question's words that stand in the record, shape (n,); words of
            time expressions do not count, and a question of nothing else is covered by every record.
    """

    question: Question
    shelf: Shelf
    slots: NDArray[np.int64]
    answers: NDArray[np.bool_]
    around: NDArray[np.int64]
    cosine: NDArray[np.float32]
    words: NDArray[np.float32]
    coverage: NDArray[np.float32]
    _windowed: dict[tuple[float, float], NDArray[np.float64]] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many candidates there are."""
        return len(self.slots)

    def windowed(self, near: float, far: float) -> NDArray[np.float64]:
        """BM25 where each word counts where it stands best, shape (n,).

        That is in the record, for `near` as much in a neighbour, or for `far` in a neighbour's neighbour.
        """
        key = (near, far)
        if key not in self._windowed:
            padded = np.pad(self.words.astype(np.float64), ((0, 0), (0, 1)))
            best = padded[:, :-1].copy()
            for places, share in zip(self.around.T, (far, near, None, near, far), strict=True):
                if share is not None:
                    np.maximum(best, padded[:, places] * share, out=best)
            self._windowed[key] = best.sum(axis=0)
        return self._windowed[key]

    @cached_property
    def closeness(self) -> NDArray[np.float64]:
        """The cosine, standardised, shape (n,)."""
        return standardised(self.cosine)


def build(
    question: Question,
    vector: NDArray[np.float32] | None,
    shelf: Shelf,
    index: FieldIndex,
    allowed: NDArray[np.bool_],
    known: NDArray[np.bool_],
    policy: RetrievalPolicy,
) -> Table:
    """Gather candidates that are `allowed`, and their neighbours that were `known`, both shape (slots,)."""
    candidates = index.candidates(question.topic, vector, policy.reach, allowed)
    return fill(question, vector, shelf, index, candidates, known)


def fill(
    question: Question,
    vector: NDArray[np.float32] | None,
    shelf: Shelf,
    index: FieldIndex,
    candidates: NDArray[np.int64],
    known: NDArray[np.bool_],
) -> Table:
    """The table of `candidates` (slots, ascending), with exact figures for every member."""
    with part("candidates.neighbours"):
        heads = shelf.column("head")[candidates]
        rings = _rings(shelf, heads, known)
        slots = _distinct(np.concatenate([candidates, rings[rings != NONE]]))
        answers = np.zeros(len(slots), np.bool_)
        answers[np.searchsorted(slots, candidates)] = True
        own = np.where(known[shelf.column("head")[slots]], shelf.column("head")[slots], slots)
        around = _places(slots, _rings(shelf, own, known))
        around[:, REACH] = np.arange(len(slots))
    with part("candidates.scores"):
        return _scored(question, vector, shelf, index, slots, answers, around)


def _scored(
    question: Question,
    vector: NDArray[np.float32] | None,
    shelf: Shelf,
    index: FieldIndex,
    slots: NDArray[np.int64],
    answers: NDArray[np.bool_],
    around: NDArray[np.int64],
) -> Table:
    """The table with the exact figures of `slots`."""
    cosine = index.cosines(vector, slots) if vector is not None else np.full(len(slots), np.nan, np.float32)
    words = index.weights(question.topic, slots)
    asked = EXPRESSION.sub(" ", question.topic)
    coverage = index.coverage(asked, slots) if stems(asked) else np.ones(len(slots), np.float32)
    return Table(question, shelf, slots, answers, around, cosine, words, coverage)


def standardised(
    values: NDArray[np.floating], over: NDArray[np.floating] | None = None
) -> NDArray[np.float64]:
    """(values - mean) / standard deviation, over the finite ones of `over`; 0 for what is not finite."""
    base = values if over is None else over
    finite = base[np.isfinite(base)].astype(np.float64)
    if len(finite) == 0:
        return np.zeros(len(values))
    scaled = (values.astype(np.float64) - finite.mean()) / max(float(finite.std()), 1e-9)
    return np.where(np.isfinite(scaled), scaled, 0.0)


def _distinct(slots: NDArray[np.int64]) -> NDArray[np.int64]:
    """`slots`, ascending, each once (sorting some hundred numbers is quicker than numpy's `unique`)."""
    slots = np.sort(slots)
    kept: NDArray[np.int64] = slots[np.diff(slots, prepend=NONE) != 0]
    return kept


def _rings(shelf: Shelf, heads: NDArray[np.int64], known: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The neighbours of `heads` by offset, `NONE` where there is none that was known, shape (n, 5)."""
    rings = np.full((len(heads), 2 * REACH + 1), NONE, np.int64)
    for direction in (-1, 1):
        at = heads
        for distance in range(1, REACH + 1):
            at = shelf.chain.step(at, direction)
            rings[:, REACH + direction * distance] = np.where((at != NONE) & known[at], at, NONE)
    return rings


def _places(slots: NDArray[np.int64], rings: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where the slots of `rings` stand in `slots`; n for what is not there."""
    places = np.searchsorted(slots, rings)
    found = slots[np.minimum(places, len(slots) - 1)] == rings if len(slots) else np.zeros_like(rings, bool)
    return np.where(found, places, len(slots))
