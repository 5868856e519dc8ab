"""The subgoals of a session: open ones with their steps, closed ones folded, steps on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from agentmem.bank import looking
from agentmem.filters import Comparison
from agentmem.stores.subgoal.content import FACTS, TRAIL, Chunk, Facts, held_in, session_records
from agentmem.web.inspector.asked import Asked
from agentmem.web.inspector.frame import framed
from agentmem.web.inspector.rendering import render
from agentmem.web.inspector.subject import Subject, kinds_of

if TYPE_CHECKING:
    from agentmem.stores.subgoal.store import SubgoalMemory

SESSIONS = 200
STEPS = 200
FACTS_SHOWN = 60


def subgoals(subject: Subject, asked: Asked) -> str:
    """The subgoals of a session; of the one that acted last, where none is named."""
    ns = subject.known(asked.namespace)
    kinds = kinds_of(subject.bank, ns)
    memory = cast("SubgoalMemory", kinds.store("subgoals", asked.text("store")))
    trails = looking.records(
        subject.bank, ns, memory.shelf, Comparison(field="type", operator="=", value=TRAIL), limit=SESSIONS
    )
    sessions = [record.session for record in trails.items]
    session = asked.text("session") if asked.text("session") in sessions else next(iter(sessions), "")
    chunks = memory.subgoals(session)
    view = subject.bank.view(ns, store=memory.shelf)
    _, told = session_records(view, session, TRAIL, FACTS)
    facts = held_in(told, Facts)
    return framed(
        "subgoals",
        subject,
        "Subgoals",
        ns,
        tab="subgoals",
        kinds=kinds,
        store=memory.shelf,
        sessions=sessions,
        session=session,
        chunks=_nested(chunks),
        steps={id: memory.steps(id)[-STEPS:] for id, chunk in chunks if chunk.state != "closed"},
        facts=list(facts.told.items())[-FACTS_SHOWN:][::-1],
        more_facts=max(0, len(facts.told) - FACTS_SHOWN),
        results={record.id: record.text for record in view.get([id for id, _ in chunks])},
    )


def steps(subject: Subject, asked: Asked) -> str:
    """The steps of one subgoal."""
    ns = subject.known(asked.namespace)
    memory = cast("SubgoalMemory", kinds_of(subject.bank, ns).store("subgoals", asked.text("store")))
    found = memory.steps(asked.required("id"))
    return render("steps", ns=ns, steps=found[-STEPS:], more=max(0, len(found) - STEPS))


def _nested(chunks: list[tuple[str, Chunk]]) -> list[tuple[int, str, Chunk]]:
    """Subgoals in order, each with how many it is part of."""
    depth: dict[str, int] = {}
    for _, chunk in chunks:
        depth[chunk.origin] = depth.get(chunk.parent, -1) + 1 if chunk.parent else 0
    return [(depth[chunk.origin], id, chunk) for id, chunk in chunks]
