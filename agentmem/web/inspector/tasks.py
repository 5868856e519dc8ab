"""The task forest of a namespace: drawn, as an outline, and what was done to it last."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from agentmem.stores.task.views import label, outline
from agentmem.stores.task.views.svg import drawing
from agentmem.web.inspector.asked import Asked, address
from agentmem.web.inspector.frame import framed
from agentmem.web.inspector.subject import Subject, kinds_of

if TYPE_CHECKING:
    from agentmem.stores.task.store import TaskMemory

MOST_DRAWN = 250
"""Nodes that are drawn; of more, a part is chosen."""
MOST_ROWS = 1_000
LOG = 40


def tasks(subject: Subject, asked: Asked) -> str:
    """The forest, or what hangs under one node of it."""
    ns = subject.known(asked.namespace)
    kinds = kinds_of(subject.bank, ns)
    memory = cast("TaskMemory", kinds.store("tasks", asked.text("store")))
    under, everything = asked.text("under"), asked.is_set("everything")
    graph = memory.graph(everything=everything)
    if under and under not in graph.nodes:
        under = ""
    rows = outline(graph, everything=everything, under=under or None)

    def link(id: str) -> str:
        return address("/record", ns=ns, store=memory.shelf, id=id)

    drawn = (
        drawing(graph, title="Task forest", everything=everything, under=under or None, link=link)
        if 0 < len(rows) <= MOST_DRAWN
        else ""
    )
    told = [(row, label(graph, row.id)) for row in rows[:MOST_ROWS]]
    return framed(
        "tasks",
        subject,
        "Tasks",
        ns,
        tab="tasks",
        kinds=kinds,
        store=memory.shelf,
        drawn=drawn,
        rows=told,
        nodes=len(graph.nodes),
        more=max(0, len(rows) - MOST_ROWS),
        most_drawn=MOST_DRAWN,
        under=under,
        under_title=graph.nodes[under].slot if under else "",
        everything=everything,
        stale=len(graph.stale),
        log=memory.log(limit=LOG)[::-1],
    )
