"""A question, what it recalls and why; and why not some other record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agentmem.errors import NotFound
from agentmem.records import Explanation, Hit, Namespace, Record, State
from agentmem.stores.base import MemoryStore
from agentmem.web.inspector.asked import Asked, address, fields
from agentmem.web.inspector.figures import Bar, bars, colours_of
from agentmem.web.inspector.frame import framed
from agentmem.web.inspector.subject import Subject, kinds_of

K = 10
MOST = 100
BEYOND = 12
"""Records that a wider question finds and this one does not: so many are looked at."""
FIELDS = ("q", "store", "k", "at", "known_at", "since", "until", "filter", "entity", "no_floor", "dedupe")
STATES = tuple(state.value for state in State if state is not State.FORGOTTEN)
SOONEST = 2_000
"""Hits that are looked through for those beyond."""


@dataclass(frozen=True)
class Found:
    """A hit, and its score as a bar."""

    hit: Hit
    bar: Bar


@dataclass(frozen=True)
class Left:
    """A record that was not recalled, and why."""

    record: Record
    told: Explanation


def query_of(asked: Asked) -> dict[str, Any]:
    """The fields of a query that a form means."""
    states = asked.all("state")
    return {
        "k": asked.whole("k", K, 1, MOST),
        "at": asked.moment("at"),
        "known_at": asked.moment("known_at"),
        "since": asked.moment("since"),
        "until": asked.moment("until", whole_day=True),
        "filter": asked.text("filter").strip() or None,
        "entity": asked.text("entity").strip() or None,
        "states": tuple(state for state in STATES if state in states) or (State.LIVE,),
        "floor": not asked.is_set("no_floor"),
        "dedupe": asked.is_set("dedupe"),
    }


def search(subject: Subject, asked: Asked) -> str:
    """What a question recalls, with the parts of every score."""
    ns = subject.known(asked.namespace)
    text = asked.text("q")
    memory = subject.memory(ns, asked.text("store"))
    hits = memory.recall(text, **query_of(asked)) if asked.is_set("asked") or text.strip() else None
    parts = [hit.parts for hit in hits or ()]
    drawn = [Found(hit, bar) for hit, bar in zip(hits or (), bars(parts), strict=True)]
    return _page(
        "search",
        subject,
        ns,
        asked,
        asks=hits is not None,
        hits=drawn,
        colours=colours_of(parts),
        left_at=_beside(asked, ns, "/left"),
        why_at=_beside(asked, ns, "/why"),
    )


def left(subject: Subject, asked: Asked) -> str:
    """What a question just missed, and which step left each out."""
    ns = subject.known(asked.namespace)
    memory = subject.memory(ns, asked.text("store"))
    query, text = query_of(asked), asked.text("q")
    hits = {hit.id for hit in memory.recall(text, **query)}
    wider = {**query, "k": min(SOONEST, query["k"] + BEYOND), "floor": False, "dedupe": False}
    wider |= {"states": STATES, "filter": None, "entity": None, "since": None, "until": None}
    near = [hit.record for hit in memory.recall(text, **wider) if hit.id not in hits][:BEYOND]
    told = [Left(record, _explained(memory, text, record.id, query)) for record in near]
    return _page("left", subject, ns, asked, left=told, steps=_by_step(told))


def why(subject: Subject, asked: Asked) -> str:
    """Why one record is recalled for a question, or which step drops it."""
    ns = subject.known(asked.namespace)
    memory = subject.memory(ns, asked.text("store"))
    id = asked.text("id").strip()
    told, missing, record = None, "", None
    if id:
        try:
            told = memory.explain(asked.text("q"), id, **query_of(asked))
            record = next(iter(memory.get([id])), None)
        except NotFound as error:
            missing = str(error)
    bar = bars([told.parts])[0] if told is not None and told.parts else None
    colours = colours_of([told.parts] if told is not None else [])
    return _page(
        "why", subject, ns, asked, id=id, told=told, record=record, missing=missing, bar=bar, colours=colours
    )


def _explained(memory: MemoryStore, text: str, id: str, query: Mapping[str, Any]) -> Explanation:
    try:
        return memory.explain(text, id, **query)
    except NotFound:  # forgotten meanwhile, or of a namespace beside
        return Explanation(id=id, recalled=False, step="view", reason="it is not in this view")


def _by_step(told: Sequence[Left]) -> dict[str, int]:
    """How many each step left out."""
    counts: dict[str, int] = {}
    for one in told:
        step = "recalled" if one.told.recalled else one.told.step
        counts[step] = counts.get(step, 0) + 1
    return counts


def _beside(asked: Asked, namespace: Namespace, path: str) -> str:
    """The address of another page about the same question."""
    return address(path, ns=namespace, state=asked.all("state"), **fields(asked, FIELDS))


def _page(template: str, subject: Subject, namespace: Namespace, asked: Asked, **values: Any) -> str:
    kinds = kinds_of(subject.bank, namespace)
    return framed(
        template,
        subject,
        "Search",
        namespace,
        tab="search",
        kinds=kinds,
        given=fields(asked, FIELDS) | {"k": asked.text("k", str(K))},
        chosen_states=asked.all("state") or [State.LIVE.value],
        states=STATES,
        store=asked.text("store") or subject.store,
        memories=memories(subject, list(kinds.stores)),
        question=asked.text("q"),
        search_at=_beside(asked, namespace, "/search"),
        **values,
    )


def memories(subject: Subject, names: Sequence[str]) -> list[str]:
    """What can be asked: the store asked first, each store, and each with the episodic one."""
    sums = [f"{one}+episodic" for one in names if one != "episodic"]
    return list(dict.fromkeys([subject.store, *names, *sums]))
