"""Recall by layers: the exact best of each under the rank of its policy, at any moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from agentmem.bank.shelf import RANKED, Shelf
from agentmem.bank.view import View
from agentmem.db.times import micros, moment
from agentmem.errors import InvalidInput
from agentmem.records import ALTERNATIVE, Explanation, Hit, Query, Record, State
from agentmem.retrieval import pipeline, steps
from agentmem.retrieval.diversity import POOL, Ranked, diversify, without_duplicates
from agentmem.retrieval.policy import RetrievalPolicy, policy_of
from agentmem.stores.layered.columns import NONE, columns_of
from agentmem.stores.layered.effective import Effective, effective
from agentmem.stores.layered.ranking import Fixed, best
from agentmem.stores.layered.trajectory import Ladder, importance_at, recency_at
from agentmem.telemetry import fact, part

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank

LOOKED_AT = 20
"""Items nearest in meaning at which the floor looks, beside the best."""


@dataclass(frozen=True)
class Found:
    """Items of one question, each layer's best first, layer after layer.

    Attributes:
        items: Where they stand.
        rows: Their row numbers, shape (n,).
        scores: γ, shape (n,).
        parts: What it is made of, each shape (n,).
    """

    items: Effective
    rows: NDArray[np.int64]
    scores: NDArray[np.float64]
    parts: dict[str, NDArray[np.float64]]


def retrieve(query: Query, view: View, bank: Bank, ladder: Ladder) -> list[Hit]:
    """The best of all layers in one list, best first; without a text, the newest.

    Raises:
        InvalidInput: the query asks for what this rank does not have: steps, or a reranker.
    """
    found = _found(query, view, bank, ladder)
    if found is None:
        return []
    order = _order(query, found.items, found.scores)
    return _hits(view, found, _chosen(query, view, found, order), ladder)


def _order(query: Query, items: Effective, scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """The best first; without a text, the newest."""
    if query.text.strip():
        return np.lexsort((items.slots, -scores))
    return np.lexsort((-items.slots, -items.standings.born))


def by_layer(query: Query, view: View, bank: Bank, ladder: Ladder) -> dict[str, list[Hit]]:
    """The best `k` of each layer, best first, by the layer's name.

    Raises:
        InvalidInput: the query asks for what this rank does not have: steps, or a reranker.
    """
    hits: dict[str, list[Hit]] = {name: [] for name in ladder.names}
    found = _found(query, view, bank, ladder)
    if found is not None:
        for number, name in enumerate(ladder.names):
            places = np.flatnonzero(found.items.standings.layer == number)
            order = places[_order(query, found.items.taken(places), found.scores[places])]
            hits[name] = _hits(view, found, _chosen(query, view, found, order), ladder)
    return hits


def _found(query: Query, view: View, bank: Bank, ladder: Ladder) -> Found | None:
    """The best of each layer; none where nothing is relevant."""
    if query.steps is not None or query.rerank:
        raise InvalidInput(
            "a layered memory ranks by recency, relevance and importance alone",
            "leave `steps` and `rerank` out; the weights stand in the layer policy",
        )
    policy = policy_of(query)
    shelf = view.shelf()
    asked = query.text.strip()
    vector = view.embed(query.text) if asked else None
    with shelf.lock, part("rank"):
        columns = columns_of(bank, view, shelf, ladder)
        items = effective(query, view, shelf, columns, ladder)
        fact("candidates", len(items.slots), of=shelf)
        if not asked:
            return _newest(query, items, shelf, ladder)
        found = _ranked(query, items, shelf, ladder, vector)
        if query.floor and not _is_relevant(query, found, items, shelf, vector, policy):
            return None
        return found


def _pool(query: Query) -> int:
    """How many of a layer are looked at."""
    return query.k * (POOL if query.dedupe or query.mmr is not None else 1)


def _newest(query: Query, items: Effective, shelf: Shelf, ladder: Ladder) -> Found:
    """The newest of each layer; they have no score."""
    order = _order(query, items, np.zeros(len(items.slots)))
    places = np.concatenate(
        [
            order[items.standings.layer[order] == number][: query.k]
            for number in range(len(ladder.policy.layers))
        ]
    )
    chosen = items.taken(places)
    return Found(chosen, shelf.column("row")[chosen.slots], np.zeros(len(places)), {})


def _ranked(
    query: Query, items: Effective, shelf: Shelf, ladder: Ladder, vector: NDArray[np.float32] | None
) -> Found:
    fixed = Fixed(ladder, items.standings, items.at)
    total = fixed.sum
    chosen, scores, cosines = [], [], []
    for number in range(len(ladder.policy.layers)):
        own = np.flatnonzero(fixed.layer == number)

        def relevance(places: NDArray[np.int64], own: NDArray[np.int64] = own) -> NDArray[np.float64]:
            return _cosines(shelf, vector, items.slots[own[places]])

        places, score, cosine = best(total[own], fixed.relevance_weight[own], relevance, _pool(query))
        chosen.append(own[places])
        scores.append(score)
        cosines.append(cosine)
    at = np.concatenate(chosen)
    found = items.taken(at)
    parts = {
        "recency": fixed.recency[at],
        "relevance": fixed.relevance_weight[at] * np.concatenate(cosines),
        "importance": fixed.importance[at],
    }
    return Found(found, shelf.column("row")[found.slots], np.concatenate(scores), parts)


def _cosines(
    shelf: Shelf, vector: NDArray[np.float32] | None, slots: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The cosines of items with a question, shape (slots,); 0 where either has no vector."""
    index = shelf.fields.get(RANKED)
    if vector is None or index is None:
        return np.zeros(len(slots))
    return np.nan_to_num(index.cosines(vector, slots).astype(np.float64))


def _is_relevant(
    query: Query,
    found: Found,
    items: Effective,
    shelf: Shelf,
    vector: NDArray[np.float32] | None,
    policy: RetrievalPolicy,
) -> bool:
    """Whether one of the best, or of those nearest in meaning, is so near that it is no accident."""
    index = shelf.fields.get(RANKED)
    if index is None or not len(items.slots):
        return False
    slots = found.items.slots
    if vector is not None:
        allowed = np.zeros(len(shelf), np.bool_)
        allowed[items.slots] = True
        slots = np.union1d(slots, index.search_vectors(vector, LOOKED_AT, allowed)[0])
    said = policy.floor_cosine * _cosines(shelf, vector, slots) + index.coverage(query.text, slots)
    return bool(said.max() >= steps.floor(len(items.slots), policy))


def _chosen(query: Query, view: View, found: Found, order: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first `k` places of an order, by what the query's options hide."""
    if not query.dedupe and query.mmr is None:
        return order[: query.k]
    shelf = view.shelf()
    index = shelf.fields[RANKED]
    parts = {name: values[order] for name, values in found.parts.items()}
    ranked = Ranked(found.items.slots[order], found.rows[order], parts, found.scores[order])
    if query.dedupe:
        ranked = without_duplicates(ranked, index, query.k, policy_of(query).duplicate)
    if query.mmr is not None:
        ranked = diversify(ranked, index, query.k, query.mmr)
    place_of = {int(slot): int(place) for place, slot in zip(order, found.items.slots[order], strict=True)}
    return np.array([place_of[int(slot)] for slot in ranked.first(query.k).slots], np.int64)


def _hits(view: View, found: Found, places: NDArray[np.int64], ladder: Ladder) -> list[Hit]:
    """The records as they stand at the moment, with their scores; what was forgotten since is left out."""
    with part("load"):
        records, links = view.load_linked(found.rows[places].tolist(), ALTERNATIVE)
    others = pipeline.joined_by(links)
    items = found.items.taken(places)
    importance = importance_at(ladder, items.standings, items.at).tolist()
    recency = recency_at(ladder, items.standings, items.at).tolist()
    hits = []
    for n, (place, record) in enumerate(zip(places.tolist(), records, strict=True)):
        if record is None:
            continue
        told: dict[str, JsonValue] = {
            "layer": ladder.names[int(items.standings.layer[n])],
            "importance": importance[n],
            "recency": recency[n],
        }
        hits.append(
            Hit.built(
                record=_as_of(record, told, faded=bool(items.standings.faded[n])),
                score=float(found.scores[place]),
                parts={name: float(part[place]) for name, part in found.parts.items()},
                alternatives=tuple(others.get(record.id, ())),
            )
        )
    return hits


def _as_of(record: Record, told: dict[str, JsonValue], *, faded: bool) -> Record:
    """A record as it stands at the moment of a query."""
    state = record.state
    if state in (State.LIVE, State.FADED):
        state = State.FADED if faded else State.LIVE
    return record.altered({"payload": {**record.payload, **told}, "state": state})


def account(query: Query, view: View, bank: Bank, ladder: Ladder, id: str) -> Explanation | None:
    """Why an item that passes a query's filters is not among its hits; none where that is not known here."""
    shelf = view.shelf()
    vector = view.embed(query.text) if query.text.strip() else None
    states = tuple(dict.fromkeys([*query.states, State.FADED]))
    row = view.row_of(id)
    with shelf.lock:
        columns = columns_of(bank, view, shelf, ladder)
        slot = int(shelf.slots_of(np.array([row]))[0])
        if columns.column("layer")[slot] == NONE:
            return Explanation(id=id, recalled=False, step="item", reason="it is no item of a layer")
        at = micros(query.at or view.now)
        born = int(columns.column("born")[slot])
        if born > at:
            reason = f"it had not happened then: it is of {moment(born).isoformat()}"
            return Explanation(id=id, recalled=False, step="time", reason=reason)
        items = effective(query.model_copy(update={"states": states}), view, shelf, columns, ladder)
        if slot not in items.slots:
            return None
        cosines = _cosines(shelf, vector, items.slots)
    fixed = Fixed(ladder, items.standings, at)
    place = int(np.flatnonzero(items.slots == slot)[0])
    scores = fixed.sum + fixed.relevance_weight * cosines
    parts = {
        "recency": float(fixed.recency[place]),
        "relevance": float(fixed.relevance_weight[place] * cosines[place]),
        "importance": float(fixed.importance[place]),
    }
    one = items.standings.taken(np.array([place]))
    layer = ladder.names[int(one.layer[0])]
    standing = f"in {layer}, importance {float(importance_at(ladder, one, at)[0]):.1f}"
    told: dict[str, Any] = {"id": id, "recalled": False, "score": float(scores[place]), "parts": parts}
    if one.faded[0] and State.FADED not in query.states:
        return Explanation(step="faded", reason=f"it has faded by then: {standing}", **told)
    before = (scores > scores[place]) | ((scores == scores[place]) & (items.slots < slot))
    rank = 1 + int(np.count_nonzero(before & (items.standings.faded == one.faded[0])))
    if rank <= query.k:
        return Explanation(rank=rank, step="floor", reason="nothing is relevant enough", **told)
    return Explanation(rank=rank, step="rank", reason=f"below the first {query.k}: {standing}", **told)
