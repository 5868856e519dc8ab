"""The forest, or a part of it, as a graph: who hangs under whom, what needs what, and what is stale."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from agentmem.bank.view import View
from agentmem.records import SUPERSEDES, Link, Record, State
from agentmem.stores.task.content import content_of, is_node, node_of, stands
from agentmem.stores.task.edges import CHANGED, DEPENDS_ON, MISSED, PARENT, SETTLED, STRUCTURE
from agentmem.stores.task.node import Node

if TYPE_CHECKING:
    from networkx import DiGraph

TYPES = (*STRUCTURE, CHANGED, SETTLED, MISSED)


@dataclass(frozen=True)
class Edge:
    """An edge between two nodes, and the sequence number since which it holds."""

    source: str
    target: str
    seq: int


@dataclass(frozen=True)
class TaskGraph:
    """Standing nodes by id, in the order of the events that made them, and the edges between them.

    Attributes:
        nodes: By id.
        parents: From a step to what it hangs under.
        needs: From a step to what it depends on.
        changed: When the value of a node changed last, as a sequence number.
        settled: When it was confirmed last, where it was.
        missed: From a step to a change that it had not followed at that time, whatever its edges say.
        replaced: From a node that stands no more, where such were asked for, to what took its place.
    """

    nodes: dict[str, Node]
    parents: Sequence[Edge] = ()
    needs: Sequence[Edge] = ()
    changed: dict[str, int] | None = None
    settled: dict[str, int] | None = None
    missed: Sequence[Edge] = ()
    replaced: Sequence[Edge] = ()

    @cached_property
    def tree(self) -> DiGraph:
        """Edges from a parent to its children, as a networkx graph over ids."""
        return self._graph((edge.target, edge.source) for edge in (*self.parents, *self.replaced))

    @cached_property
    def dependencies(self) -> DiGraph:
        """Edges from a node to what it depends on, as a networkx graph over ids."""
        return self._graph((edge.source, edge.target) for edge in self.needs)

    def _graph(self, edges: Iterable[tuple[str, str]]) -> DiGraph:
        from networkx import DiGraph

        graph = DiGraph()
        graph.add_nodes_from(self.nodes)
        graph.add_edges_from(edges)
        return graph

    @property
    def roots(self) -> list[str]:
        """The nodes that hang under none."""
        return [id for id in self.nodes if not self.tree.in_degree(id)]

    def children(self, id: str) -> list[str]:
        """What hangs under a node, in the order it was made."""
        below = set(self.tree.successors(id))
        return [one for one in self.nodes if one in below] if len(below) > 1 else list(below)

    @cached_property
    def stale(self) -> dict[str, str]:
        """Nodes whose value is older than a change of what they depend on, and what that is.

        A node is stale where anything it depends on, directly or not, changed after its own value was
        settled, along edges that held by then; or where it missed a change of what it still depends on.
        A node without a value is open, not stale.
        """
        from networkx import has_path

        found = {
            edge.source: edge.target
            for edge in self.missed
            if edge.seq >= self.settled_at(edge.source)
            and has_path(self.dependencies, edge.source, edge.target)
        }
        found |= {id: other for id, (seq, other) in self.upstream.items() if seq > self.settled_at(id)}
        return {id: found[id] for id in self.nodes if id in found and self.nodes[id].value is not None}

    @cached_property
    def upstream(self) -> dict[str, tuple[int, str]]:
        """The latest change of what a node depends on, directly or not, along edges that held by then.

        By the id of the node: when that was, as a sequence number, and of which one; 0 and no id where
        there was none.
        """
        from networkx import topological_sort

        since = {(edge.source, edge.target): edge.seq for edge in self.needs}
        found: dict[str, tuple[int, str]] = {}
        for id in reversed(list(topological_sort(self.dependencies))):
            latest = (0, "")
            for other in self.dependencies.successors(id):
                newest = max(((self.changed or {}).get(other, 0), other), found[other])
                if newest[0] >= since[id, other]:
                    latest = max(latest, newest)
            found[id] = latest
        return found

    def settled_at(self, id: str) -> int:
        """When the value of a node was set or confirmed last, as a sequence number; 0: never."""
        return max((self.changed or {}).get(id, 0), (self.settled or {}).get(id, 0))

    def walk(self, start: Iterable[str] | None = None) -> Iterator[tuple[int, str, bool]]:
        """Every node under its parents, depth first: its depth, its id, and whether it was shown before.

        Args:
            start: Where to begin; none: at the roots.
        """
        seen: set[str] = set()
        below: dict[str, list[str]] = {}
        for edge in (*self.parents, *self.replaced):
            below.setdefault(edge.target, []).append(edge.source)
        place = {id: number for number, id in enumerate(self.nodes)}
        stack = [(0, id) for id in reversed(self.roots if start is None else list(start))]
        while stack:
            depth, id = stack.pop()
            again = id in seen
            yield depth, id, again
            if not again:
                seen.add(id)
                children = sorted(below.get(id, ()), key=place.__getitem__, reverse=True)
                stack += [(depth + 1, child) for child in children]


def load(view: View, ids: Iterable[str] | None = None, *, everything: bool = False) -> TaskGraph:
    """The graph of the nodes `ids`, and all that they depend on; none: of the whole forest.

    With `everything` also the nodes whose place others took, under what took it.
    """
    every = ids is None
    records = view.select() if every else view.get(view.reach(ids or (), DEPENDS_ON, "out"))
    known = [record for record in records if stands(record) or (everything and _left(record))]
    read = sorted(((content_of(one), one) for one in known), key=lambda pair: pair[0].by["made"])
    nodes = {record.id: node_of(record, content) for content, record in read}
    links = view.links(nodes, direction="out")
    between = [link for link in links[::-1] if link.type in TYPES]
    return TaskGraph(
        nodes,
        parents=_edges(between, PARENT, nodes),
        needs=_edges(between, DEPENDS_ON, nodes),
        changed=_latest(between, CHANGED),
        settled=_latest(between, SETTLED),
        missed=_edges(between, MISSED, nodes),
        replaced=_replaced(links, {record.id for record in known if stands(record)}, nodes),
    )


def _left(record: Record) -> bool:
    """Whether another node took the place of this one."""
    return is_node(record) and (record.state is State.SUPERSEDED or record.valid_to is not None)


def _replaced(links: Iterable[Link], standing: Collection[str], known: Collection[str]) -> list[Edge]:
    """From what left to what took its place last, where that way leads to a node that stands."""
    newest: dict[str, Link] = {}
    for link in sorted(links, key=lambda link: link.from_seq):
        if link.type == SUPERSEDES and link.target in known and link.target not in standing:
            newest[link.target] = link
    found = []
    for id, link in newest.items():
        seen, place = {id}, link.source
        while place in newest and place not in seen:
            seen.add(place)
            place = newest[place].source
        if place in standing:
            found.append(Edge(id, link.source, link.from_seq))
    return found


def _edges(links: Iterable[Link], type: str, nodes: dict[str, Node]) -> list[Edge]:
    return [
        Edge(link.source, link.target, link.from_seq)
        for link in links
        if link.type == type and link.target in nodes
    ]


def _latest(links: Iterable[Link], type: str) -> dict[str, int]:
    return {link.source: link.from_seq for link in links if link.type == type}
