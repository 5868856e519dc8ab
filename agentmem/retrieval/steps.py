"""The steps of the pipeline: pure functions from a candidate table to named parts of the score."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agentmem.db.times import micros
from agentmem.retrieval.policy import RetrievalPolicy
from agentmem.retrieval.table import Table, standardised
from agentmem.retrieval.times import Span

Part = NDArray[np.float64]
DAY = 86_400_000_000
"""Microseconds."""


@dataclass(frozen=True)
class Surroundings:
    """What steps need beside the table: the spans that the question names, and the store's strengths."""

    spans: tuple[Span, ...] = ()
    strength: NDArray[np.float64] | None = None


Step = Callable[[Table, Surroundings, RetrievalPolicy], dict[str, Part]]


def dense(table: Table, around: Surroundings, policy: RetrievalPolicy) -> dict[str, Part]:
    """The cosine of question and record."""
    return {"dense": policy.dense * table.closeness}


def text(table: Table, around: Surroundings, policy: RetrievalPolicy) -> dict[str, Part]:
    """BM25 of the question's words in the record."""
    own = table.words.sum(axis=0)
    return {"text": policy.text * standardised(own, table.windowed(policy.word_1, policy.word_2))}


def neighbours(table: Table, around: Surroundings, policy: RetrievalPolicy) -> dict[str, Part]:
    """What the records around it in its session lend: evidence often stands beside what matches.

    Dense: a share of each neighbour's score. Text: each word of the question counts where it stands
    best, in the record or, for less, in a neighbour.
    """
    scores = np.append(policy.dense * table.closeness, 0.0)
    rings = zip(
        table.around.T, (policy.ring_2, policy.ring_1, 0.0, policy.ring_1, policy.ring_2), strict=True
    )
    windowed, own = table.windowed(policy.word_1, policy.word_2), table.words.sum(axis=0)
    deviation = max(float(windowed.std()), 1e-9) if len(table) else 1.0
    return {
        "near dense": sum((share * scores[places] for places, share in rings if share), np.zeros(len(table))),
        "near text": np.asarray(policy.text * (windowed - own) / deviation, np.float64),
    }


def names(table: Table, around: Surroundings, policy: RetrievalPolicy) -> dict[str, Part]:
    """Said by somebody whom the question names."""
    if not table.question.named:
        return {}
    said = np.isin(table.shelf.column("actor")[table.slots], table.question.named)
    return {"names": policy.names * said.astype(np.float64)}


def time(table: Table, around: Surroundings, policy: RetrievalPolicy) -> dict[str, Part]:
    """Happened in a time that the question names, or told soon after."""
    if not around.spans:
        return {}
    at = table.shelf.column("time")[table.slots]
    within = np.zeros(len(table), bool)
    for first, last in around.spans:
        within |= (at >= micros(first)) & (at < micros(last) + policy.time_slack * DAY)
    return {"time": policy.time * within.astype(np.float64)}


def asks(table: Table, around: Surroundings, policy: RetrievalPolicy) -> dict[str, Part]:
    """A question states nothing: a penalty by the share of words that ask."""
    return {"asks": -policy.asks * table.shelf.column("asks")[table.slots].astype(np.float64)}


def strength(table: Table, around: Surroundings, policy: RetrievalPolicy) -> dict[str, Part]:
    """What the store says of the records' strength."""
    return {} if around.strength is None else {"strength": policy.strength * around.strength}


STEPS: Mapping[str, Step] = {
    "dense": dense,
    "text": text,
    "neighbours": neighbours,
    "names": names,
    "time": time,
    "asks": asks,
    "strength": strength,
}
"""All steps, in the order of the default pipeline."""


BY_VECTORS = frozenset({"dense", "neighbours"})
"""Those that need the question's vector."""


def relevance(table: Table, policy: RetrievalPolicy) -> Part:
    """What the floor looks at: raw cosine and coverage, not standardised, shape (n,)."""
    return np.asarray(policy.floor_cosine * np.nan_to_num(table.cosine) + table.coverage, np.float64)


def floor(records: int, policy: RetrievalPolicy) -> float:
    """The relevance under which nothing is relevant, among so many records."""
    return policy.floor + policy.floor_growth * math.log10(max(records, 1))
