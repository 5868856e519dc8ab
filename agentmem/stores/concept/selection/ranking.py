"""Selection: the concepts in the order in which they promise to help with a question, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agentmem.errors import InvalidInput
from agentmem.stores.concept.selection.asked import of_questions
from agentmem.stores.concept.selection.calibration import Calibration, calibrate
from agentmem.stores.concept.selection.corpus import OUTCOMES, Concepts, Corpus, Question
from agentmem.stores.concept.selection.policy import SelectionPolicy
from agentmem.stores.concept.selection.signals import family, plain_signals, signals
from agentmem.stores.concept.selection.terms import Floats

FUSED = ("embedding", "bm25", "vote")
"""What rank fusion fuses."""
OUTCOME = "outcomes"
"""The part of a score that comes of how a concept did before."""
DECIMALS = 9
"""To which scores are compared: what is beyond is rounding."""


@dataclass(frozen=True, eq=False)
class Ranking:
    """All concepts, ranked.

    Attributes:
        order: Rows of concepts, best first, ties by id, shape (n,).
        scores: Of each concept, by row, shape (n,); the sum of its parts.
        parts: What each signal adds to the scores, by its name, each of the shape (n,).
        calibration: The weights that were used and where they come from; none: the parts are not weighed.
    """

    order: NDArray[np.int64]
    scores: Floats
    parts: Mapping[str, Floats]
    calibration: Calibration | None = None

    def explain(self, concept: int) -> dict[str, float]:
        """What the families of signals add to the score of the concept in that row."""
        told: dict[str, float] = {}
        for name, part in self.parts.items():
            told[family(name)] = told.get(family(name), 0.0) + float(part[concept])
        return told


def select(
    corpus: Corpus,
    question: Question,
    calibration: Calibration | None = None,
    policy: SelectionPolicy | None = None,
) -> Ranking:
    """Rank all concepts for a question.

    Args:
        corpus: The memory.
        question: What to select for.
        calibration: The weights, as `calibrate` found them on this corpus or an earlier one; none: it is
            done now.
        policy: Constants; those that the weights were found with.
    """
    policy = policy or SelectionPolicy()
    calibration = calibration or calibrate(corpus, policy)
    asked = of_questions(corpus, [question])
    plain = plain_signals(corpus, asked, policy)
    known = plain | signals(corpus, asked, policy, plain)
    parts = calibration.weights.parts(known, asked.uses(corpus))
    told = {name: part[0] for name, part in parts.items()}
    told[OUTCOME] = policy.outcome * tendency(corpus.concepts, policy.doubt)
    return _ranked(corpus, told, calibration)


def select_by(
    name: str, corpus: Corpus, question: Question, policy: SelectionPolicy | None = None
) -> Ranking:
    """Rank all concepts by a single signal alone, or by `fused`: rank fusion of those of `FUSED`.

    Raises:
        InvalidInput: there is no such signal.
    """
    policy = policy or SelectionPolicy()
    plain = plain_signals(corpus, of_questions(corpus, [question]), policy)
    if name == "fused":
        return _ranked(corpus, {one: 1 / (policy.ranks + ranks(plain[one][0])) for one in FUSED})
    if name not in plain:
        raise InvalidInput(f"{name!r} is no single signal", f"there are: {', '.join(plain)}, fused")
    return _ranked(corpus, {name: plain[name][0]})


def tendency(concepts: Concepts, doubt: float) -> Floats:
    """Whether each concept helped or harmed so far, from -1 to 1, shape (n,); 0 where nothing is known."""
    if concepts.outcomes is None:
        return np.zeros(len(concepts))
    helped = concepts.outcomes[:, OUTCOMES.index("helped")].astype(np.float64)
    harmed = concepts.outcomes[:, OUTCOMES.index("harmed")].astype(np.float64)
    return np.asarray((helped - harmed) / (helped + harmed + doubt))


def ranks(values: Floats) -> Floats:
    """Ranks from 1, best first, shape as `values`; what is equal has the mean of its ranks."""
    _, inverse, counts = np.unique(-np.round(values, DECIMALS), return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[inverse.reshape(-1)])


def _ranked(corpus: Corpus, parts: Mapping[str, Floats], calibration: Calibration | None = None) -> Ranking:
    scores = np.sum([*parts.values()], axis=0)
    order = np.lexsort((corpus.places, -np.round(scores, DECIMALS)))
    return Ranking(order, scores, parts, calibration)
