"""The hybrid pipeline: filter, candidates, steps, floor, hits; and why a record is not among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import numpy as np
from numpy.typing import NDArray

from agentmem.bank.shelf import EVER, FOREVER, RANKED, Shelf
from agentmem.bank.view import View
from agentmem.db.times import moment
from agentmem.errors import InvalidInput, NotFound
from agentmem.index.field import FieldIndex
from agentmem.records import ALTERNATIVE, Explanation, Hit, Link, Query, Record
from agentmem.retrieval import steps, table
from agentmem.retrieval.allowed import Mask, allowed, tests
from agentmem.retrieval.diversity import POOL, Ranked, diversify, without_duplicates
from agentmem.retrieval.policy import RetrievalPolicy, policy_of
from agentmem.retrieval.question import Question, take_apart
from agentmem.retrieval.reranking import rerank
from agentmem.retrieval.times import Span, spans
from agentmem.telemetry import fact, part

RACES = 3
"""How often a recall is begun anew because records were forgotten, or made anew, while it went on."""
Strength = Callable[[Shelf, NDArray[np.int64]], NDArray[np.float64]]
Aliases = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Asked:
    """A query, and all that is known of it before candidates are looked for."""

    query: Query
    view: View
    shelf: Shelf
    names: Sequence[str]
    policy: RetrievalPolicy
    strength: Strength | None
    question: Question
    vector: NDArray[np.float32] | None


@dataclass(frozen=True)
class Scored:
    """Candidates with their parts, best first.

    Attributes:
        slots: Shape (n,).
        rows: Their row numbers, which stay when the shelf is made anew, shape (n,).
        parts: Each shape (n,).
        scores: Their sum, shape (n,).
        relevance: What the floor looks at, shape (n,).
    """

    slots: NDArray[np.int64]
    rows: NDArray[np.int64]
    parts: dict[str, steps.Part]
    scores: steps.Part
    relevance: steps.Part


def retrieve(
    query: Query, view: View, *, strength: Strength | None = None, aliases: Aliases | None = None
) -> list[Hit]:
    """The `query.k` best hits, best first.

    Args:
        query: The question; without a text, the newest records that pass its filters.
        view: What is read.
        strength: A store's own step.
        aliases: Further names of actors.

    Raises:
        InvalidInput: an unknown step or option.
    """
    policy, names = policy_of(query), _steps(query)
    hits: list[Hit] = []
    for _ in range(RACES):
        shelf = view.shelf()
        if query.text.strip():
            ranked = _best(_ask(query, view, shelf, names, policy, strength, aliases))
            if ranked is None:
                return []
        else:
            ranked = _newest(query, view, shelf)
        hits = _hits(view, ranked)
        if len(hits) == len(ranked.rows):
            break
    return hits


def _ask(
    query: Query,
    view: View,
    shelf: Shelf,
    names: Sequence[str],
    policy: RetrievalPolicy,
    strength: Strength | None,
    aliases: Aliases | None,
) -> Asked:
    with shelf.lock:
        actors = _actors(query.text, shelf, aliases) if "names" in names else {}
        by_meaning = RANKED in shelf.fields and not steps.BY_VECTORS.isdisjoint(names)
    question = take_apart(query.text, actors, aliases)
    vector = view.embed(question.topic) if by_meaning else None  # without the lock: it may be far away
    return Asked(query, view, shelf, names, policy, strength, question, vector)


def _best(asked: Asked) -> Ranked | None:
    """The best for a question; none where nothing is relevant."""
    with asked.shelf.lock:
        mask = allowed(asked.query, asked.view, asked.shelf)
        scored = _score(asked, mask)
        if scored is None or not _is_relevant(asked.query, scored, _floor(mask, asked.policy)):
            return None
        index = asked.shelf.fields[RANKED]
    return _chosen(asked, index, _reranked(asked, scored))


def _hits(view: View, ranked: Ranked) -> list[Hit]:
    """The records with their scores, and with what contradicts them.

    What was forgotten, or made anew, since is left out.
    """
    with part("load"):
        records, links = view.load_linked(ranked.rows.tolist(), ALTERNATIVE)
        others = joined_by(links)
        scores = ranked.scores.tolist()
        parts = {name: values.tolist() for name, values in ranked.parts.items()}
        return [
            Hit.built(
                record=record,
                score=scores[place],
                parts={name: values[place] for name, values in parts.items()},
                alternatives=tuple(others.get(record.id, ())),
            )
            for place, record in enumerate(records)
            if record is not None
        ]


def joined_by(links: Iterable[Link]) -> dict[str, list[str]]:
    """By the id at either end of links, the ids at the other ends."""
    found: dict[str, list[str]] = {}
    for link in links:
        found.setdefault(link.source, []).append(link.target)
        found.setdefault(link.target, []).append(link.source)
    return found


def _floor(mask: Mask, policy: RetrievalPolicy) -> float:
    return steps.floor(int(np.count_nonzero(mask)), policy)


def _steps(query: Query) -> tuple[str, ...]:
    names = tuple(steps.STEPS) if query.steps is None else query.steps
    unknown = [name for name in names if name not in steps.STEPS]
    if unknown:
        raise InvalidInput(f"retrieval has no step {unknown[0]!r}", f"it has: {', '.join(steps.STEPS)}")
    return names


def everything(query: Query, view: View, *, newest_first: bool) -> list[Hit]:
    """All records that pass the query's filters, by time; its text and `k` play no part."""
    shelf = view.shelf()
    with shelf.lock:
        slots = _by_time(query, view, shelf)
        ranked = _unscored(shelf, slots[::-1] if newest_first else slots)
    return _hits(view, ranked)


def _newest(query: Query, view: View, shelf: Shelf) -> Ranked:
    with shelf.lock:
        return _unscored(shelf, _by_time(query, view, shelf)[::-1][: query.k])


def _by_time(query: Query, view: View, shelf: Shelf) -> NDArray[np.int64]:
    """The slots that pass the query's filters, the oldest first."""
    slots = np.flatnonzero(allowed(query, view, shelf))
    return slots[np.lexsort((slots, shelf.column("time")[slots]))]


def _unscored(shelf: Shelf, slots: NDArray[np.int64]) -> Ranked:
    return Ranked(slots, shelf.column("row")[slots], {}, np.zeros(len(slots)))


def _score(asked: Asked, mask: Mask, only: NDArray[np.int64] | None = None) -> Scored | None:
    """All candidates, best first, the slots `only` among them; none where nothing is indexed."""
    shelf, question, vector = asked.shelf, asked.question, asked.vector
    index = shelf.fields.get(RANKED)
    if index is None or not mask.any():
        return None
    known = shelf.visible_ever(asked.view.seen)
    with part("candidates"):
        candidates = table.build(question, vector, shelf, index, mask, known, asked.policy)
        if only is not None:
            wanted = np.union1d(candidates.slots[candidates.answers], only)
            candidates = table.fill(question, vector, shelf, index, wanted, known)
    fact("candidates", int(np.count_nonzero(candidates.answers)), of=shelf)
    if len(candidates) == 0:
        return None
    with part("fuse"):
        around = steps.Surroundings(spans=_spans(asked), strength=_strength(asked, candidates.slots))
        parts: dict[str, steps.Part] = {}
        for name in asked.names:
            parts |= steps.STEPS[name](candidates, around, asked.policy)
        scores = sum(parts.values(), np.zeros(len(candidates)))
        order = np.lexsort((candidates.slots, -scores))
        order = order[candidates.answers[order]]
        slots = candidates.slots[order]
        return Scored(
            slots,
            shelf.column("row")[slots],
            {name: values[order] for name, values in parts.items()},
            scores[order],
            steps.relevance(candidates, asked.policy)[order],
        )


def _spans(asked: Asked) -> tuple[Span, ...]:
    """The spans of time that the question names, where a step asks for them."""
    if "time" not in asked.names:
        return ()
    query = asked.query
    return tuple(spans(query.text, query.at or asked.view.now, partial(_years, asked.shelf)))


def _strength(asked: Asked, slots: NDArray[np.int64]) -> NDArray[np.float64] | None:
    return None if asked.strength is None else asked.strength(asked.shelf, slots)


def _actors(text: str, shelf: Shelf, aliases: Aliases | None) -> dict[int, str]:
    """The actors that `text` may name."""
    return dict(enumerate(shelf.actors.names)) if aliases else shelf.actors.sharing(text)


def _years(shelf: Shelf) -> tuple[int, int]:
    times = shelf.column("time")
    times = times[(times != EVER) & (times != FOREVER)]
    if len(times) == 0:
        return (1970, 1970)
    return _year(int(times.min())), _year(int(times.max()))


def _year(micros: int) -> int:
    found: datetime = moment(micros)
    return found.year


def _is_relevant(query: Query, scored: Scored, floor: float) -> bool:
    return not query.floor or bool(len(scored.relevance) and scored.relevance.max() >= floor)


def _reranked(asked: Asked, scored: Scored) -> Scored:
    """The candidates with the cross-encoder's part, in the order that follows, where that was asked for."""
    if not asked.query.rerank:
        return scored
    with part("rerank"):
        read = asked.view.load(scored.rows[: asked.policy.rerank_top].tolist())
        texts = ["" if record is None else record.indexed.get(RANKED, record.text) for record in read]
        added = rerank(asked.query.text, texts, scored.scores, asked.policy)
    scores = scored.scores + added
    order = np.lexsort((scored.slots, -scores))
    parts = {name: one[order] for name, one in {**scored.parts, "rerank": added}.items()}
    return Scored(scored.slots[order], scored.rows[order], parts, scores[order], scored.relevance[order])


def _chosen(asked: Asked, index: FieldIndex, scored: Scored) -> Ranked:
    """The first `k`, by what the query's options hide."""
    query, ranked = asked.query, _in_order(scored)
    if query.dedupe or query.mmr is not None:
        with part("diversity"):
            if query.dedupe:
                ranked = without_duplicates(ranked, index, query.k, asked.policy.duplicate)
            if query.mmr is not None:
                ranked = diversify(ranked, index, query.k, query.mmr)
    return ranked.first(query.k)


def _in_order(scored: Scored) -> Ranked:
    return Ranked(scored.slots, scored.rows, scored.parts, scored.scores)


def _told(parts: Mapping[str, steps.Part], place: int) -> dict[str, float]:
    return {name: float(values[place]) for name, values in parts.items()}


def explain(
    query: Query, view: View, id: str, *, strength: Strength | None = None, aliases: Aliases | None = None
) -> Explanation:
    """Why `id` is among the hits, or which step dropped it.

    Raises:
        NotFound: there is no record `id` in the view.
    """
    policy, names = policy_of(query), _steps(query)
    dropped = dropped_by_filter(query, view, id)
    if dropped is not None:
        return dropped
    if not query.text.strip():
        return _explain_newest(query, view, id)
    shelf = view.shelf()
    asked = _ask(query, view, shelf, names, policy, strength, aliases)
    with shelf.lock:
        slot = _slot(shelf, view, id)
        mask = allowed(query, view, shelf)
        scored = _score(asked, mask)
        is_candidate = scored is not None and slot in scored.slots
        if not is_candidate:
            scored = _score(asked, mask, np.array([slot]))
        if scored is None:
            return Explanation(id=id, recalled=False, step="candidates", reason="nothing is indexed here")
        index = shelf.fields[RANKED]
    scored = _reranked(asked, scored)
    place = int(np.flatnonzero(scored.slots == slot)[0])
    ranked = _chosen(asked, index, scored)
    told = {"id": id, "score": float(scored.scores[place]), "parts": _told(scored.parts, place)}
    if not is_candidate:
        reason = f"neither among the {policy.reach} nearest in meaning nor the {policy.reach} best by words"
        return Explanation(recalled=False, step="candidates", reason=reason, **told)
    floor = _floor(mask, policy)
    if not _is_relevant(query, scored, floor):
        best = f"{scored.relevance.max():.2f}"
        reason = f"nothing is relevant: the best relevance is {best}, under the floor of {floor:.2f}"
        return Explanation(recalled=False, step="floor", reason=reason, **told)
    if slot in ranked.slots:
        rank = int(np.flatnonzero(ranked.slots == slot)[0]) + 1
        return Explanation(recalled=True, rank=rank, **told)
    step, reason = _hidden(asked, index, scored, place)
    return Explanation(recalled=False, rank=place + 1, step=step, reason=reason, **told)


def _hidden(asked: Asked, index: FieldIndex, scored: Scored, place: int) -> tuple[str, str]:
    """Which step hides the candidate at `place`, and why."""
    query = asked.query
    if place < POOL * query.k:
        if query.dedupe:
            left = without_duplicates(_in_order(scored), index, query.k, asked.policy.duplicate)
            if scored.slots[place] not in left.slots:
                return "duplicates", "it repeats a better hit"
        if query.mmr is not None:
            return "diversity", "others are less like the better hits"
    return "rank", f"it ranks below the first {query.k}"


def _explain_newest(query: Query, view: View, id: str) -> Explanation:
    """An empty question asks for the newest: where `id` stands among them."""
    shelf = view.shelf()
    with shelf.lock:
        newest = _by_time(query, view, shelf)[::-1]
        rank = int(np.flatnonzero(newest == _slot(shelf, view, id))[0]) + 1
    if rank <= query.k:
        return Explanation(id=id, recalled=True, rank=rank, score=0.0)
    reason = f"it is not among the newest {query.k}"
    return Explanation(id=id, recalled=False, rank=rank, step="rank", reason=reason)


def dropped_by_filter(query: Query, view: View, id: str) -> Explanation | None:
    """Which filter drops `id`; none where all pass it.

    Raises:
        NotFound: there is no record `id` in the view.
    """
    record = _record(view, id)
    if record.store != view.store:
        reason = f"it is a record of the store {record.store!r}, this is {view.store!r}"
        return Explanation(id=id, recalled=False, step="store", reason=reason)
    shelf = view.shelf()
    with shelf.lock:
        slot = _slot(shelf, view, id)
        for test in tests(query, view, shelf):
            if not test.passes(np.array([slot])).all():
                state = f"its state is {record.state.value}" + (f": {record.why}" if record.why else "")
                told = state if test.name == "state" else test.reason
                return Explanation(id=id, recalled=False, step=test.name, reason=told)
    return None


def _record(view: View, id: str) -> Record:
    found = view.get([id])
    if not found:
        raise NotFound(
            f"there is no record {id!r}, or it was not known then", "take an id from `recall` or `select`"
        )
    return found[0]


def _slot(shelf: Shelf, view: View, id: str) -> int:
    row = view.row_of(id)
    return int(shelf.slots_of(np.array([row]))[0])
