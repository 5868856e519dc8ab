"""What changed between two states of a forest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from agentmem.records import Text, Value
from agentmem.stores.task.graph import TaskGraph

What = Literal["new", "value", "title", "goal", "output", "status", "stale", "under", "needs", "gone"]


class Change(Value):
    """One thing that is otherwise than before.

    Attributes:
        id: Of the node.
        title: Its title now; that which it had, where it is gone.
        what: Which of its sides changed. `new`: the node was not there; `gone`: it stands no more.
        before: What that was; none: nothing.
        after: What it is now; of `stale`: the title of what changed, or none where it is stale no more.
    """

    id: Text
    title: Text
    what: What
    before: Text | None = None
    after: Text | None = None


def difference(before: TaskGraph, after: TaskGraph) -> list[Change]:
    """What is otherwise in `after` than in `before`, by node in the order of `after`."""
    old, new = dict(_sides(before)), dict(_sides(after))
    changes = [
        Change(id=id, title=node.slot, what="gone", before=node.value)
        for id, node in before.nodes.items()
        if id not in new
    ]
    for id, node in after.nodes.items():
        had: dict[What, str | None] = old.get(id, {})
        if id not in old:
            changes.append(Change(id=id, title=node.slot, what="new", after=node.value))
        for what, now in new[id].items():
            was = had.get(what)
            if was != now and (id in old or what in ("stale", "under", "needs")):
                changes.append(Change(id=id, title=node.slot, what=what, before=was, after=now))
    return changes


def _sides(graph: TaskGraph) -> Iterator[tuple[str, dict[What, str | None]]]:
    titles = {id: node.slot for id, node in graph.nodes.items()}
    under: dict[str, list[str]] = {}
    needs: dict[str, list[str]] = {}
    for found, edges in ((under, graph.parents), (needs, graph.needs)):
        for edge in edges:
            found.setdefault(edge.source, []).append(titles[edge.target])
    for id, node in graph.nodes.items():
        stale = graph.stale.get(id)
        yield (
            id,
            {
                "title": node.slot,
                "goal": node.goal or None,
                "value": node.value,
                "output": node.output or None,
                "status": node.status.value,
                "stale": None if stale is None else titles[stale],
                "under": ", ".join(under.get(id, ())) or None,
                "needs": ", ".join(needs.get(id, ())) or None,
            },
        )
