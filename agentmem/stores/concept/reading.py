"""Selection over a bank: what the memory knows is the corpus, and a query is a problem."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from agentmem.bank.shelf import RANKED, Shelf
from agentmem.bank.view import View
from agentmem.filters import And, Comparison, parsed
from agentmem.records import ALTERNATIVE, Hit, Query
from agentmem.retrieval import pipeline, steps
from agentmem.retrieval.allowed import allowed
from agentmem.retrieval.policy import RetrievalPolicy, policy_of
from agentmem.stores.concept.lookup import NAME
from agentmem.stores.concept.outcomes import OUTCOME
from agentmem.stores.concept.problems import PROBLEM
from agentmem.stores.concept.selection import (
    Calibration,
    Question,
    Ranking,
    SelectionPolicy,
    select,
    select_by,
)
from agentmem.stores.concept.snapshot import Snapshot, reader_of
from agentmem.telemetry import fact, part

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank

METHODS = ("full", "fused", "embedding", "bm25", "vote", "popularity")
"""How concepts are selected: by all signals with calibrated weights, by rank fusion, or by one signal."""
LOOKED_AT = 20
"""Concepts, and problems, nearest in meaning, at which the floor looks."""


def retrieve(query: Query, view: View, bank: Bank, method: str) -> list[Hit]:
    """The concepts selected for a problem, best first; none where nothing known is relevant to it.

    Args:
        query: The problem; without a text, the newest concepts.
        view: What is read.
        bank: Keeps what was read for the next time.
        method: One of `METHODS`.
    """
    if not query.text.strip():
        return _newest(query, view)
    shelf = view.shelf()
    vector = view.embed(query.text)
    is_full = method == "full"
    reader = reader_of(bank, view, SelectionPolicy())
    with part("corpus"):
        snapshot, corpus, calibration = reader.read(view, shelf, query.states, weigh=is_full)
    fact("candidates", len(corpus.concepts), of=shelf)
    if not len(corpus.concepts):
        return []
    given = vector if vector is not None else np.zeros(shelf.dimensions, np.float32)
    with shelf.lock:
        mask = allowed(query, view, shelf)
        passing = mask[shelf.slots_of(snapshot.concept_rows)]
        if query.floor and not _is_relevant(query.text, given, shelf, snapshot, passing, policy_of(query)):
            return []
    question = Question(query.text, given)
    with part("select"):
        ranking = select(corpus, question, calibration) if is_full else select_by(method, corpus, question)
    chosen = [place for place in ranking.order.tolist() if passing[place]][: query.k]
    return _hits(view, snapshot, ranking, chosen)


def calibration_of(view: View, bank: Bank) -> Calibration:
    """The weights that selection uses now, from how many problems of the past they come, and their recall."""
    return cast(Calibration, reader_of(bank, view, SelectionPolicy()).read(view, view.shelf())[2])


def _hits(view: View, snapshot: Snapshot, ranking: Ranking, places: Sequence[int]) -> list[Hit]:
    rows = snapshot.concept_rows[places].tolist()
    with part("load"):
        records, links = view.load_linked(rows, ALTERNATIVE)
    others = pipeline.joined_by(links)
    hits = []
    for place, record in zip(places, records, strict=True):
        if record is None:  # forgotten meanwhile
            continue
        parts = ranking.explain(place)
        beside = tuple(others.get(record.id, ()))
        hits.append(Hit.built(record=record, score=sum(parts.values()), parts=parts, alternatives=beside))
    return hits


def _is_relevant(
    text: str,
    vector: NDArray[np.float32],
    shelf: Shelf,
    snapshot: Snapshot,
    passing: NDArray[np.bool_],
    policy: RetrievalPolicy,
) -> bool:
    """Whether a concept, or a solved problem, is so near in meaning and words that it is no accident."""
    best = 0.0
    rows = {RANKED: snapshot.concept_rows[passing], PROBLEM: snapshot.problem_rows}
    if not passing.any():
        return False
    for field, some in rows.items():
        index = shelf.fields.get(field)
        if index is None or not len(some):
            continue
        slots = shelf.slots_of(some)
        cosines = np.nan_to_num(index.cosines(vector, slots))
        nearest = np.argsort(-cosines, kind="stable")[:LOOKED_AT]
        said = policy.floor_cosine * cosines[nearest] + index.coverage(text, slots[nearest])
        best = max(best, float(said.max()))
    return best >= steps.floor(len(snapshot.concept_rows), policy)


def _newest(query: Query, view: View) -> list[Hit]:
    """The newest concepts: records beside them are left out."""
    beside = tuple(Comparison(field="type", operator="!=", value=one) for one in (PROBLEM, OUTCOME, NAME))
    given = (parsed(query.filter),) if query.filter is not None else ()
    return pipeline.retrieve(query.model_copy(update={"filter": And(parts=(*given, *beside))}), view)
