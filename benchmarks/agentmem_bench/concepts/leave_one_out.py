"""Leave one out: every problem asks a memory that has never heard of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from agentmem.stores.concept.selection import Calibration, SelectionPolicy, calibrate, select, select_by
from agentmem_bench.concepts.corpora import Embedded
from agentmem_bench.progress import Watch, unwatched

SINGLE = ("popularity", "bm25", "embedding", "vote")
SELECTORS = (*SINGLE, "fused", "calibrated", "full")
"""Signals alone; rank fusion of text and vote; weights found on the past, and these with types and co-use."""
WITHOUT_STRUCTURE = ("embedding", "bm25", "popularity", "votes", "words")
FOLDS = 10
"""Problems are left out of the calibration in so many parts: weights for one have seen none of its part."""
TAIL = 10
"""A concept used at most so often is of the tail."""


@dataclass(frozen=True, eq=False)
class Answers:
    """What selectors found.

    Attributes:
        ranked: By selector, ids of concepts, best first, for each question.
        relevant: Of each question, the concepts it used that other problems used too.
        tail: Those of them that are used at most `TAIL` times.
        calibrations: Of each fold, that of `full`.
        problems: Ids of the questions.
    """

    ranked: dict[str, list[list[str]]]
    relevant: list[frozenset[str]]
    tail: list[frozenset[str]]
    calibrations: list[Calibration]
    problems: list[str] = field(default_factory=list)


def leave_one_out(
    data: Embedded,
    selectors: Sequence[str] = SELECTORS,
    *,
    depth: int = 20,
    policy: SelectionPolicy | None = None,
    watch: Watch = unwatched,
) -> Answers:
    """Ask for the concepts of every problem that has some that others used.

    The memory that a problem asks holds every concept and all other problems, their texts, uses, and
    frequencies of words included. Weights come of memories without the tenth of the problems that it is in.

    Args:
        data: With vectors.
        selectors: Of `SELECTORS`.
        depth: Concepts of a ranking that are kept.
        policy: Of the selection.
        watch: Sees how far it is.
    """
    policy = policy or SelectionPolicy()
    uses = np.asarray(data.uses.sum(axis=0)).reshape(-1)
    relevant = [_ids(data, row, uses > 1) for row in range(len(data.problems))]
    asked = [row for row, ids in enumerate(relevant) if ids]
    parts = [asked[fold::FOLDS] for fold in range(min(FOLDS, len(asked)))]
    found: dict[int, dict[str, list[str]]] = {}
    calibrations = []
    for number, part in enumerate(parts):
        watch("leave one out", number, len(parts))
        rest = data.without(part)
        weights = {}
        if "calibrated" in selectors:
            weights["calibrated"] = calibrate(rest, policy, WITHOUT_STRUCTURE)
        if "full" in selectors:
            weights["full"] = calibrate(rest, policy)
            calibrations.append(weights["full"])
        for row in part:
            memory = data.without([row])
            found[row] = {}
            for name in selectors:
                question = data.question(row)
                ranking = (
                    select(memory, question, weights[name], policy)
                    if name in weights
                    else select_by(name, memory, question, policy)
                )
                found[row][name] = [data.concepts.ids[place] for place in ranking.order[:depth]]
    watch("leave one out", len(parts), len(parts))
    return Answers(
        {name: [found[row][name] for row in asked] for name in selectors},
        [relevant[row] for row in asked],
        [_ids(data, row, (uses > 1) & (uses <= TAIL)) for row in asked],
        calibrations,
        [data.problems.ids[row] for row in asked],
    )


def _ids(data: Embedded, row: int, among: NDArray[np.bool_]) -> frozenset[str]:
    """The concepts that a problem used, of some."""
    columns = data.uses.indices[data.uses.indptr[row] : data.uses.indptr[row + 1]]
    return frozenset(data.concepts.ids[column] for column in columns if among[column])
