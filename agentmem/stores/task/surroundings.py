"""The part of the forest that matters now: what stands around one node, a neighbourhood in size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agentmem.bank.view import View
from agentmem.filters import And, Comparison
from agentmem.records import SUPERSEDES, Record, State
from agentmem.stores.task import focus
from agentmem.stores.task.content import KINDS, content_of, is_node, stands
from agentmem.stores.task.edges import PARENT
from agentmem.stores.task.graph import TaskGraph, load
from agentmem.stores.task.node import Node, Status
from agentmem.stores.task.revisions import before

BESIDE = 30
"""How many of the nodes beside, or under, a node are looked at: those that were linked last."""
ENDED = (Status.DONE, Status.FAILED)
PAGES = 4
"""How often more links to a node are asked for where too few of those found lead to what stands."""
FURTHER = 4
"""How many times as many links as before are then asked for."""
NODES = And(
    parts=(
        Comparison(field="type", operator="in", value=KINDS),
        Comparison(field="state", operator="=", value=State.LIVE.value),
    )
)


@dataclass(frozen=True)
class Surroundings:
    """What stands around the active node.

    Attributes:
        graph: The nodes below, and all that they depend on.
        path: Ids from the root to the active node, itself left out; several parents are all on it.
        active: The id of the active node.
        needs: What it depends on directly.
        beside: What hangs under the same parents.
        below: What hangs under it.
        last_changed: The node whose value changed last, and the value before; none where none has one.
    """

    graph: TaskGraph
    path: tuple[str, ...]
    active: str
    needs: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    last_changed: tuple[str, str | None] | None = None

    def node(self, id: str) -> Node:
        """One of its nodes."""
        return self.graph.nodes[id]


def active_in(view: View, session: str | None = None) -> str | None:
    """The id of the node that is worked on: the one that `session` (none: any) activated last and that has
    not ended, else the one that was changed last; none in an empty forest.
    """
    held = focus.held_by(view, session)
    record = None if held is None else heir(view, held)
    if record is not None and content_of(record).status not in ENDED:
        return record.id
    return next((record.id for record in lately(view) if stands(record)), None)


def heir(view: View, id: str) -> Record | None:
    """The node `id`, or the one that stands in its place now; none where neither does."""
    record = next(iter(view.get([id])), None)
    if record is None or stands(record):
        return record
    after = view.reach([id], SUPERSEDES, "in")
    standing = [one for one in view.get(after) if stands(one)]
    return min(standing, key=lambda one: (after[one.id], one.id), default=None)


def lately(view: View, limit: int = BESIDE) -> list[Record]:
    """The live nodes that were changed last, the last one first."""
    return view.select(NODES, "changed", limit)


def around(view: View, active: str) -> Surroundings:
    """What stands around the node `active`, which stands."""
    upward = view.reach([active], PARENT, "out")
    above = sorted((id for id in upward if id != active), key=lambda id: -upward[id])
    parents = [id for id in above if upward[id] == 1]
    beside = _under(view, parents) if parents else _roots_lately(view)
    below = _under(view, [active])
    graph = load(view, [*above, active, *beside, *below])
    known = graph.nodes
    needs = tuple(edge.target for edge in graph.needs if edge.source == active)
    return Surroundings(
        graph=graph,
        path=tuple(id for id in above if id in known),
        active=active,
        needs=needs,
        beside=tuple(id for id in beside if id in known and id not in (active, *needs, *above)),
        below=tuple(id for id in below if id in known and id not in needs),
        last_changed=_last_change(view, graph),
    )


def _under(view: View, parents: Sequence[str]) -> list[str]:
    """What hangs under `parents`, the last linked at the end: as many as are looked at, which stand.

    Where all fit, those that stand no more are among them.
    """
    limit, found = BESIDE, list[str]()
    for _ in range(PAGES):
        links = view.links(parents, PARENT, "in", limit)
        ids = list(dict.fromkeys(link.source for link in links))
        if len(links) < BESIDE:
            return ids[::-1]
        found = [record.id for record in view.get(ids) if stands(record)][:BESIDE]
        if len(found) == BESIDE or len(links) < limit:
            break
        limit *= FURTHER
    return found[::-1]


def _roots_lately(view: View) -> list[str]:
    """The nodes without a parent that were changed last, where the active one has none."""
    known = [record.id for record in lately(view) if stands(record)]
    children = {link.source for link in view.links(known, PARENT, "out")}
    return [id for id in reversed(known) if id not in children]


def _last_change(view: View, graph: TaskGraph) -> tuple[str, str | None] | None:
    changed = graph.changed or {}
    if not changed:
        return None
    last = max(changed, key=changed.__getitem__)
    records = [record for record in view.get([last]) if is_node(record)]
    previous = content_of(records[0]).previous if records else None
    was = None if previous is None else before(records[0], view.versions([previous[0]]))
    return last, None if was is None else content_of(was).value
