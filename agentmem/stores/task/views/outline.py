"""Which nodes a view shows, and in what order: depth first, each once in full."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from agentmem.stores.task.graph import TaskGraph
from agentmem.stores.task.node import Status


class Row(NamedTuple):
    """A node in its place.

    Attributes:
        depth: How many nodes it hangs under.
        id: Its id.
        again: Whether it was shown before: it hangs under several.
    """

    depth: int
    id: str
    again: bool = False


def outline(graph: TaskGraph, *, everything: bool = False, under: str | None = None) -> list[Row]:
    """The rows of a forest.

    Args:
        graph: The forest.
        everything: Also what was rolled back; what was superseded is shown where the graph holds it.
        under: Only this node and what hangs under it.
    """
    hidden = frozenset() if everything else _hidden(graph)
    start = None if under is None else [under]
    return [Row(*place) for place in graph.walk(start) if place[1] not in hidden or place[1] == under]


def _hidden(graph: TaskGraph) -> Collection[str]:
    """What was rolled back, and all that hangs under it with it."""
    gone = {id for id, node in graph.nodes.items() if node.status is Status.ROLLED_BACK}
    above = [edge.target for edge in graph.parents if edge.target in gone and edge.source not in gone]
    while above:  # what still holds a step that stands is shown
        id = above.pop()
        if id in gone:
            gone.discard(id)
            above += [edge.target for edge in graph.parents if edge.source == id and edge.target in gone]
    return gone
