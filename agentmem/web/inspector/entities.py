"""Who and what a namespace names: each entity, its names, how often it was named, and what tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from agentmem.web.inspector.asked import Asked
from agentmem.web.inspector.frame import framed
from agentmem.web.inspector.subject import Subject, is_waiting, kinds_of

if TYPE_CHECKING:
    from agentmem.stores.entities.store import EntityMemory

MOST = 500
"""Entities that are shown, those that are named most."""


def entities(subject: Subject, asked: Asked) -> str:
    """All entities, the most mentioned first."""
    ns = subject.known(asked.namespace)
    kinds = kinds_of(subject.bank, ns)
    memory = cast("EntityMemory", kinds.store("entities", asked.text("store")))
    found = memory.entities()
    return framed(
        "entities",
        subject,
        "Entities",
        ns,
        tab="entities",
        kinds=kinds,
        store=memory.shelf,
        entities=found[:MOST],
        more=max(0, len(found) - MOST),
        is_waiting=is_waiting(subject.bank, ns, memory.shelf),
    )
