"""One record: what it says, where it is from, what it is joined to, and all that it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agentmem.errors import NotFound
from agentmem.records import ALTERNATIVE, Namespace, Record, Version
from agentmem.web.inspector.asked import Asked
from agentmem.web.inspector.course import Drawn, course_drawn
from agentmem.web.inspector.frame import framed
from agentmem.web.inspector.subject import Subject, kinds_of

if TYPE_CHECKING:
    from agentmem.bank.view import View
    from agentmem.stores.base import MemoryStore

MOST_LINKS = 60
MOST_SOURCES = 40
MOST_VERSIONS = 40


@dataclass(frozen=True)
class End:
    """What a link joins a record to.

    Attributes:
        type: Of the link.
        outward: Whether the link is from the record.
        id: At the other end.
        record: The record there; none where it is an event's.
    """

    type: str
    outward: bool
    id: str
    record: Record | None


def record_page(subject: Subject, asked: Asked) -> str:
    """One record.

    Raises:
        NotFound: there is none of this id.
    """
    ns, id = subject.known(asked.namespace), asked.required("id")
    kinds = kinds_of(subject.bank, ns)
    record = record_of(subject, ns, id, asked.text("store"))
    store = kinds.stores.get(record.store)
    history = _history(store, record) if store else []
    view = subject.bank.view(ns, store=record.store)
    sources = subject.bank.events(ns, record.sources[-MOST_SOURCES:])
    own = [one for one in history if one.record.id == record.id]
    ends = _ends(view, record)
    return framed(
        "record",
        subject,
        f"Record {id}",
        ns,
        tab="records",
        kinds=kinds,
        store=record.store,
        record=record,
        maker=own[-1] if own else None,
        sources=sources,
        more_sources=len(record.sources) - min(len(record.sources), MOST_SOURCES),
        ends=ends,
        history=history[-MOST_VERSIONS:][::-1],
        older_versions=max(0, len(history) - MOST_VERSIONS),
        alternatives=[end for end in ends if end.type == ALTERNATIVE],
        course=_course(store, record),
        asked=asked.text("q"),
    )


def record_of(subject: Subject, namespace: Namespace, id: str, store: str = "") -> Record:
    """The current version of a record, of that store where several have one of this id.

    Raises:
        NotFound: there is none.
    """
    view = subject.bank.view(namespace, store=store or "episodic")
    found = [one for one in view.get([id]) if one.state != "forgotten"]
    if not found:
        raise NotFound(
            f"there is no record {id!r} in this namespace", "it may be the id of an event, or forgotten"
        )
    return found[0]


def _history(store: MemoryStore, record: Record) -> list[Version]:
    """All versions of a record, and of what it replaced and was replaced by, oldest first."""
    try:
        return store.history(record.id)
    except NotFound:
        return []


def _ends(view: View, record: Record) -> list[End]:
    """What links join a record to, the newest links first."""
    found = [
        *((True, link) for link in view.links([record.id], direction="out", limit=MOST_LINKS)),
        *((False, link) for link in view.links([record.id], direction="in", limit=MOST_LINKS)),
    ]
    links = [
        (out, link, link.target if out else link.source) for out, link in found if link.store == record.store
    ]
    there = {one.id: one for one in view.get([id for _, _, id in links])}
    return [End(link.type, out, id, there.get(id)) for out, link, id in links]


def _course(store: MemoryStore | None, record: Record) -> Drawn | None:
    """How an item of a layered memory stood and will stand; none for any other record."""
    from agentmem.stores.layered.standing import is_item
    from agentmem.stores.layered.store import LayeredMemory

    if not isinstance(store, LayeredMemory) or not is_item(record):
        return None
    return course_drawn(store, record)
