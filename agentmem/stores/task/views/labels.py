"""What a view says of a node, in words: the same in all views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from agentmem.stores.task.graph import TaskGraph
from agentmem.stores.task.node import Node, Status
from agentmem.synthesis.render import inline


class Look(StrEnum):
    """How a node looks: the one thing about it that matters most."""

    GONE = "gone"
    STALE = "stale"
    FAILED = "failed"
    ACTIVE = "active"
    DONE = "done"
    OPEN = "open"
    SETTLED = "settled"
    TASK = "task"


@dataclass(frozen=True)
class Label:
    """A node in words, each part clean and on one line.

    Attributes:
        look: What matters most about it.
        head: Its title, and its value where it has one.
        marks: What else must be known of it: that it is stale, and what changed; done, failed, active, ….
        needs: The titles of what it depends on.
    """

    look: Look
    head: str
    marks: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Head and marks."""
        return self.head + (f" ({'; '.join(self.marks)})" if self.marks else "")

    @property
    def line(self) -> str:
        """All of it."""
        return self.text + (f"  needs {', '.join(self.needs)}" if self.needs else "")


def label(graph: TaskGraph, id: str) -> Label:
    """The label of one node."""
    return labels(graph, [id])[id]


def labels(graph: TaskGraph, ids: Sequence[str]) -> dict[str, Label]:
    """The labels of nodes, by id."""
    needs: dict[str, list[str]] = {}
    for edge in graph.needs:
        needs.setdefault(edge.source, []).append(edge.target)
    return {
        id: Label(
            look=_look(graph, id),
            head=_head(graph.nodes[id]),
            marks=tuple(_marks(graph, id)),
            needs=tuple(inline(graph.nodes[other].slot) for other in needs.get(id, ())),
        )
        for id in ids
    }


def _look(graph: TaskGraph, id: str) -> Look:
    node = graph.nodes[id]
    looks = {
        Look.GONE: node.status in (Status.SUPERSEDED, Status.ROLLED_BACK),
        Look.STALE: id in graph.stale,
        Look.FAILED: node.status is Status.FAILED,
        Look.ACTIVE: node.status is Status.ACTIVE,
        Look.DONE: node.status is Status.DONE,
        Look.OPEN: node.is_open,
        Look.TASK: node.kind == "task",
    }
    return next((look for look, holds in looks.items() if holds), Look.SETTLED)


def _head(node: Node) -> str:
    title = inline(node.slot)
    if node.kind == "task":
        goal = inline(node.goal)
        return title if goal in ("", title) else f"{title} - {goal}"
    if node.value is not None:
        return f"{title}: {inline(node.value)}"
    return f"{title}: open" if node.is_open else title


def _marks(graph: TaskGraph, id: str) -> list[str]:
    node = graph.nodes[id]
    marks = []
    if id in graph.stale:
        marks.append(f"STALE: {inline(graph.nodes[graph.stale[id]].slot)} changed")
    if node.status is Status.ACTIVE:
        sessions = ", ".join(sorted(inline(one) for one in node.active_in if inline(one)))
        marks.append(f"active in {sessions}" if sessions else "active")
    elif node.status is not Status.PENDING:
        output = inline(node.output)
        marks.append(node.status.value.replace("_", " ") + (f": {output}" if output else ""))
    if node.shared_with:
        marks.append(f"also for {', '.join(map(inline, node.shared_with))}")
    return marks
