"""The concept graph of a namespace: the page of a concept memory, within the inspector."""

from __future__ import annotations

from agentmem.bank import looking
from agentmem.filters import Comparison
from agentmem.stores.concept.content import CONCEPT
from agentmem.stores.concept.views import holdings_of
from agentmem.stores.concept.views.page import told_of
from agentmem.web.inspector.asked import Asked
from agentmem.web.inspector.frame import framed
from agentmem.web.inspector.subject import Subject, kinds_of

MOST = 2_000
"""Concepts that the page can show: it holds all of them."""


def concepts(subject: Subject, asked: Asked) -> str:
    """The graph, a list, and all that is known of each concept."""
    ns = subject.known(asked.namespace)
    kinds = kinds_of(subject.bank, ns)
    memory = kinds.store("concepts", asked.text("store"))
    is_concept = Comparison(field="type", operator="=", value=CONCEPT)
    few = looking.records(subject.bank, ns, memory.shelf, is_concept, limit=MOST)
    told = told_of(holdings_of(memory)) if not few.next else None
    return framed(
        "concepts",
        subject,
        "Concepts",
        ns,
        tab="concepts",
        kinds=kinds,
        store=memory.shelf,
        is_shown=told is not None,
        most=MOST,
        **(told or {}),
    )
