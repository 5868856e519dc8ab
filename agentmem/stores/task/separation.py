"""Nodes that were merged stand side by side again: each has its edges back, and nothing stale is hidden."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from agentmem.bank.view import ApplyView, View
from agentmem.records import SUPERSEDES, ChangeSet, Event, Link
from agentmem.stores.task.content import stands
from agentmem.stores.task.edges import CHANGED, DEPENDS_ON, MISSED, SETTLED, STRUCTURE
from agentmem.stores.task.graph import load
from agentmem.stores.task.surroundings import heir


def apart(event: Event, changes: ChangeSet, view: ApplyView) -> ChangeSet:
    """What an undoing changes, where the node that took the place of the restored one stands all the same.

    The restored node gets the edges back that it had just before, where their other end still stands and
    no cycle closes; the node that stays loses those of them that came to it from there. What depends on
    the restored node, and was stale then, or is, or was settled since, is stale.
    """
    back = {record.id for record in changes.records if stands(record)}
    gone = {record.id for record in changes.records} - back
    links, unlinks = list(changes.links), list(changes.unlinks)
    for over in changes.unlinks:
        if over.type != SUPERSEDES or over.target not in back:
            continue
        stayed = heir(view, over.source)
        if stayed is None or stayed.id in gone:
            continue
        before = view.as_of(over.from_seq - 1)
        edges = _edges_back(over.target, before, view)
        missed = _missed(over.target, edges, before, view)
        links += [Link(source=edge.source, type=edge.type, target=edge.target) for edge in edges] + missed
        if _unsettled(over, edges, before, view):
            links.append(Link(source=over.target, type=CHANGED, target=event.id))
        unlinks += [*missed, *_taken_away(over, stayed.id, edges, before, view)]
    return changes.altered({"links": tuple(links), "unlinks": tuple(unlinks)})


def _edges_back(id: str, before: View, view: ApplyView) -> list[Link]:
    """The edges that a node had before and can have again, as they were."""
    had = [link for link in before.links([id]) if link.type in STRUCTURE]
    ends = view.get({end for link in had for end in (link.source, link.target)})
    known = {record.id for record in ends if stands(record)} | {id}
    edges = [link for link in had if {link.source, link.target} <= known]
    sources = {type: {link.source for link in edges if link.type == type} - {id} for type in STRUCTURE}
    return [link for link in edges if link.target == id or not _closes(link, sources[link.type], view)]


def _closes(edge: Link, sources: Collection[str], view: ApplyView) -> bool:
    """Whether an edge closes a cycle with those that come to its source from `sources`."""
    return bool(sources) and not view.reach([edge.target], edge.type).keys().isdisjoint(sources)


def _missed(id: str, edges: Sequence[Link], before: View, view: ApplyView) -> list[Link]:
    """That the value of a node had missed a change before, or would have since, had its edges stayed."""
    needs = {edge.target: edge.from_seq for edge in edges if edge.type == DEPENDS_ON and edge.source == id}
    now = load(view, needs)
    own = [link.from_seq for link in before.links([id], direction="out") if link.type in (CHANGED, SETTLED)]
    latest = max(
        (
            newest
            for other, since in needs.items()
            if (newest := max(((now.changed or {}).get(other, 0), other), now.upstream[other]))[0] >= since
        ),
        default=(0, ""),
    )
    cause = latest[1] if latest[0] > max(own, default=0) else load(before, [id]).stale.get(id)
    return [] if cause is None else [Link(source=id, type=MISSED, target=cause)]


def _unsettled(over: Link, edges: Sequence[Link], before: View, view: ApplyView) -> bool:
    """Whether anything that depends on the restored node again was stale, is, or was settled without it."""
    direct = [edge.source for edge in edges if edge.type == DEPENDS_ON and edge.target == over.target]
    below = view.reach(direct, DEPENDS_ON, "in")
    now = load(view, below)
    standing = [id for id in below if id in now.nodes]
    stale = load(before, standing).stale.keys() | now.stale.keys()
    return any(id in stale or now.settled_at(id) > over.from_seq for id in standing)


def _taken_away(over: Link, stayed: str, edges: Sequence[Link], before: View, view: ApplyView) -> list[Link]:
    """The edges of the node that stays which it would not have, had the restored one never left.

    An edge that another duplicate brought as well stays, even when that one comes back later.
    """
    line = {over.target, *view.reach([over.target], SUPERSEDES, "in")}
    own = {_renamed(edge, line, stayed) for edge in before.links(line - {over.target})}
    for later in view.links([stayed], SUPERSEDES, "out"):
        if later.from_seq > over.from_seq and later.target not in line:
            theirs = view.as_of(later.from_seq - 1).links([later.target])
            own |= {_renamed(edge, {later.target}, stayed) for edge in theirs}
    ended = {_renamed(edge, {over.target}, stayed) for edge in edges} - own
    return [Link(source=source, type=type, target=target) for source, type, target in sorted(ended)]


def _renamed(edge: Link, ids: Collection[str], new: str) -> tuple[str, str, str]:
    """Source, type and target of an edge, `new` in the place of any of `ids`."""
    source, target = (new if end in ids else end for end in (edge.source, edge.target))
    return source, edge.type, target
