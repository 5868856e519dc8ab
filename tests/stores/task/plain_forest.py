"""A task forest in plain Python: what operations do by definition, however slow that is.

Operations are numbered in the order in which they were kept; a forest without one of them is made by
carrying out the others.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

import networkx as nx

from agentmem.records import Trust

Edge = tuple[str, str]


class No(Exception):
    """The operation does not apply."""


@dataclass(eq=False)
class Said:
    """A value, and the one that a rollback goes back to from it."""

    value: str | None
    time: datetime
    n: int
    previous: Said | None


@dataclass(eq=False)
class Left:
    """How a node left the forest: by which operation, and who took its place."""

    n: int
    taker: Node | None = None
    taker_was: str = "unborn"


@dataclass(frozen=True)
class Past:
    """Edges, and what was stale, just before an operation."""

    n: int
    edges: dict[str, dict[Edge, int]]
    stale: dict[str, str]


@dataclass(eq=False)
class Node:
    """A node with all that was ever said of it."""

    id: str
    slot: str
    kind: str = "step"
    state: str = "live"
    status: str = "pending"
    now: Said | None = None
    trust: Trust = Trust.USER
    said: list[Said] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    settled: list[int] = field(default_factory=list)
    missed: list[tuple[int, str]] = field(default_factory=list)
    stated: int = 0
    left: Left | None = None

    @property
    def value(self) -> str | None:
        return None if self.now is None else self.now.value

    def say(self, value: str | None, time: datetime, n: int, previous: Said | None, trust: Trust) -> None:
        self.now = Said(value, time, n, previous)
        self.said.append(self.now)
        self.changed.append(n)
        self.trust, self.status, self.stated = trust, "pending", n

    @property
    def settled_at(self) -> int:
        return max([*self.changed, *self.settled], default=-1)


@dataclass
class Forest:
    """Nodes by id; edges of each type with the operation since which they hold; who superseded whom."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[str, dict[Edge, int]] = field(default_factory=lambda: {"parent": {}, "depends_on": {}})
    supersedes: dict[Edge, Past] = field(default_factory=dict)
    focus: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, operations: Iterable[tuple[int, str, dict[str, Any]]]) -> Forest:
        """The forest after all of `operations` that apply."""
        forest = cls()
        for n, name, told in operations:
            try:
                forest.do(n, name, **told)
            except No:
                continue
        return forest

    def do(self, n: int, name: str, **told: Any) -> None:
        """Carry out the operation `n`; nothing is changed where it raises."""
        carry: Callable[..., None] = getattr(self, name)
        carry(n, **told)

    # What is seen of it

    def standing(self) -> dict[str, Node]:
        return {id: node for id, node in self.nodes.items() if node.state == "live"}

    def between(self, type: str) -> dict[Edge, int]:
        """Edges between nodes that stand."""
        known = self.standing()
        return {edge: n for edge, n in self.edges[type].items() if set(edge) <= set(known)}

    def stale(self) -> dict[str, str]:
        """By definition: something on a path of edges that held by then changed after the value was settled;
        or what a merge or its undoing would have hidden of that, while there is a path. What it was, by id.
        """
        needs = self.between("depends_on")
        graph = nx.DiGraph(list(needs))
        found = {}
        for node in self.standing().values():
            if node.value is None or node.id not in graph:
                continue
            below = nx.descendants(graph, node.id)
            held = [other for n, other in node.missed if n >= node.settled_at and other in below]
            cause = self._changed_since(node, needs) or (held[-1] if held else None)
            if cause is not None:
                found[node.id] = cause
        return found

    def _changed_since(self, node: Node, needs: dict[Edge, int]) -> str | None:
        graph = nx.DiGraph(list(needs))
        if node.id not in graph:
            return None
        found = [
            (n, other)
            for other in nx.descendants(graph, node.id)
            for path in nx.all_simple_paths(graph, node.id, other)
            for n in self.nodes[other].changed
            if n > node.settled_at and all(needs[edge] <= n for edge in pairwise(path))
        ]
        return max(found)[1] if found else None

    def revisions(self, id: str) -> list[str | None]:
        return [one.value for one in sorted(self.lineage(id), key=lambda one: one.time)]

    def lineage(self, id: str) -> list[Said]:
        """What was said of a node and of those whose place it took, in the order of operations."""
        line = nx.DiGraph(list(self.supersedes))
        ids = {id} | (nx.descendants(line, id) if id in line else set())
        return sorted(
            (one for id in ids if id in self.nodes for one in self.nodes[id].said), key=lambda s: s.n
        )

    def heir(self, id: str | None) -> str | None:
        """The node, or what stands in its place."""
        ring, seen = {id}, {id}
        while ring:
            standing = sorted(one for one in ring if one in self.standing())
            if standing:
                return standing[0]
            ring = {new for new, old in self.supersedes if old in ring} - seen
            seen |= ring
        return None

    # Operations

    def add(self, n, id, slot, parents=(), on=(), value=None, *, kind, time, trust):
        self._all(*parents, *on)
        node = self.nodes[id] = Node(id, slot, kind, stated=n)
        if value is not None:
            node.say(value, time, n, None, trust)
        self._tie(n, "parent", [(id, other) for other in parents])
        self._tie(n, "depends_on", [(id, other) for other in on])

    def update(self, n, id, value, *, time, trust):
        node = self._all(id)[0]
        if node.kind == "task":
            raise No
        late = node.now is not None and time < node.now.time
        guarded = node.value is not None and trust.rank < node.trust.rank
        if node.value == value and (guarded or not late):
            if not guarded:
                node.settled.append(n)
                node.trust, node.stated = trust, n
        elif guarded:
            return
        elif late:
            before = node.now
            while before is not None and before.time > time:
                before = before.previous if before.previous in self.lineage(id) else None
            node.said.append(Said(value, time, n, before))
        else:
            node.say(value, time, n, node.now, trust)

    def rename(self, n, id, slot, **_):
        node = self._all(id)[0]
        node.slot, node.stated = slot, n

    def rollback(self, n, id, to, *, time, trust):
        node = self._all(id)[0]
        if node.now is not None and time < node.now.time:
            return
        if node.value is not None and trust.rank < node.trust.rank:
            raise No
        if to is not None:
            found = [one for one in self.lineage(id) if one is not node.now and one.value == to]
            if not found:
                raise No
            node.say(to, time, n, found[-1].previous, trust)
        elif node.now is None:
            node.status, node.stated = "rolled_back", n
        elif node.value is None and node.now.previous is None:
            raise No
        else:
            target = node.now.previous if node.now.previous in self.lineage(id) else None
            value, before = (None, None) if target is None else (target.value, target.previous)
            node.say(value, time, n, before, trust)

    def depend(self, n, id, on, *, holds, **_):
        if not holds:
            if not {id, on} <= set(self.nodes):
                raise No
            self.edges["depends_on"].pop((id, on), None)
            return
        self._all(id, on)
        self._refuse_path("depends_on", on, id)
        self._tie(n, "depends_on", [(id, on)])

    def hang(self, n, id, parent, **_):
        node = self._all(id, parent)[0]
        self._refuse_path("parent", parent, id)
        self._tie(n, "parent", [(id, parent)])
        node.stated = n

    def merge(self, n, id, twin, *, time, **_):
        kept, other = self._all(id, twin)
        if kept is other or kept.kind != other.kind:
            raise No
        self._refuse_entangled(id, twin)
        past = self._past(n)
        stale = past.stale
        if other.value is not None and kept.value is None:
            kept.say(other.value, time, n, kept.now, other.trust)
        elif other.value is not None and other.value != kept.value:
            kept.changed.append(n)
        elif other.value is not None:
            kept.trust = max(kept.trust, other.trust, key=lambda trust: trust.rank)
        if n not in kept.changed and any(one in stale for one in self._below([twin]) - {twin}):
            kept.changed.append(n)
        cause = stale.get(id) or (stale.get(twin) if other.value == kept.value else None)
        if cause is not None:
            kept.missed.append((n, cause))
        self._leave(other, Left(n, kept, "live"), past)
        self._move(n, twin, id)
        kept.stated = n

    def replace(self, n, id, new, slot, value, *, time, trust):
        old = self._all(id)[0]
        if old.kind == "task" and value is not None:
            raise No
        self._succeed(n, old, new, slot, value, time, trust)

    def correct(self, n, id, new, slot, kind, value, *, time, trust):
        old = self.nodes.get(id)
        if old is None:  # forgotten: what was said to be right stands all the same
            old = Node(id, slot, kind, state="gone")
        elif old.state != "live":
            raise No
        if kind == "task":
            slot, value = value, None
        self._succeed(n, old, new, slot, value, time, trust)

    def _succeed(self, n, old, new, slot, value, time, trust):
        node = self.nodes[new] = Node(new, slot, old.kind, stated=n)
        if value is not None:
            node.say(value, time, n, old.now, trust)
        else:
            node.changed.append(n)
        if old.id in self.nodes:
            self._leave(old, Left(n, node, "unborn"), self._past(n))
            self._move(n, old.id, new)

    def complete(self, n, id, *, status, **_):
        node = self._all(id)[0]
        node.status, node.stated = status, n

    def activate(self, n, id, *, session, **_):
        node = self._all(id)[0]
        node.stated = n
        left = self.heir(self.focus.get(session))
        if left is not None:
            self.nodes[left].stated = n
        self.focus[session] = id
        if node.status == "rolled_back":
            node.status = "pending"

    def retract(self, n, id, **_):
        if id not in self.nodes:
            raise No
        if self.nodes[id].state == "live":
            self.nodes[id].state, self.nodes[id].left = "retracted", Left(n)

    def undo(self, n, id, made, **_):
        node = self.nodes.get(id)
        if node is None:
            live = [self.nodes[one] for one in made if one in self.standing()]
            if not live:
                raise No
            for one in live:
                one.state, one.left = "retracted", Left(n)
            return
        if node.state == "live" or node.left is None:
            raise No
        taker, was = node.left.taker, node.left.taker_was
        past, takers = self._past(n), [edge for edge in self.supersedes if edge[1] == id]
        stayed = {edge: self.heir(edge[0]) for edge in takers}
        line = self._line(id)
        untouched = taker is not None and taker.state == "live" and taker.stated <= node.left.n
        if untouched and was != "live":
            taker.state = "retracted" if was == "unborn" else was
            taker.left = Left(n, node, node.state)
        parted = {edge: other for edge, other in stayed.items() if other in self.standing()}
        for edge, other in parted.items():
            self._part(n, node, other, line, self.supersedes[edge])
        node.state, node.left = "live", None
        for edge in takers:
            del self.supersedes[edge]
            if self.nodes[edge[0]].state != "live":
                self.supersedes.setdefault((id, edge[0]), past)
                self._move(n, edge[0], id)
                node.changed.append(n)

    # What they share

    def _all(self, *ids: str) -> list[Node]:
        known = self.standing()
        if not set(ids) <= set(known):
            raise No
        return [known[id] for id in ids]

    def _tie(self, n: int, type: str, edges: Iterable[Edge]) -> None:
        for edge in edges:
            self.edges[type].setdefault(edge, n)

    def _refuse_path(self, type: str, start: str, end: str) -> None:
        graph = nx.DiGraph(list(self.edges[type]))
        if start == end or (start in graph and end in graph and nx.has_path(graph, start, end)):
            raise No

    def _refuse_entangled(self, one: str, other: str) -> None:
        for type in self.edges:
            self._refuse_path(type, one, other)
            self._refuse_path(type, other, one)

    def _leave(self, old: Node, left: Left, past: Past) -> None:
        old.state, old.left = "superseded", left
        self.supersedes.setdefault((left.taker.id, old.id), past)

    def _past(self, n: int) -> Past:
        return Past(n, copy.deepcopy(self.edges), self.stale())

    def _line(self, id: str) -> set[str]:
        """A node and all that took its place, one after the other."""
        graph = nx.DiGraph(list(self.supersedes))
        return {id} | (nx.ancestors(graph, id) if id in graph else set())

    def _below(self, ids: Iterable[str]) -> set[str]:
        """Nodes, and all that depends on them."""
        graph = nx.DiGraph(list(self.edges["depends_on"]))
        return set(ids).union(*(nx.ancestors(graph, id) for id in ids if id in graph))

    def _part(self, n: int, node: Node, stayed: str, line: set[str], past: Past) -> None:
        """Give `node` the edges back that went to `stayed`, in whose line it is."""
        back = {type: self._edges_back(node.id, type, edges) for type, edges in past.edges.items()}
        needs = {edge: since for edge, since in back["depends_on"].items() if edge[0] == node.id}
        cause = self._changed_since(node, self.between("depends_on") | needs) or past.stale.get(node.id)
        below = self._below([edge[0] for edge in back["depends_on"] if edge[1] == node.id])
        standing, stale = self.standing(), self.stale()
        hidden = [
            id
            for id in below & set(standing)
            if id in stale or id in past.stale or standing[id].settled_at > past.n
        ]
        if cause is not None:
            node.missed.append((n, cause))
        if hidden:
            node.changed.append(n)
        for type, edges in back.items():
            own = _tied(past.edges[type], line - {node.id}, stayed)
            for (new, old), later in self.supersedes.items():
                if new == stayed and old not in line and later.n > past.n:
                    own |= _tied(later.edges[type], {old}, stayed)
            for edge in _tied(edges, {node.id}, stayed) - own:
                self.edges[type].pop(edge, None)
            self._tie(n, type, edges)

    def _edges_back(self, id: str, type: str, had: dict[Edge, int]) -> dict[Edge, int]:
        """Those edges of a node whose other end stands, and that close no cycle."""
        known = {id, *self.standing()}
        edges = {edge: since for edge, since in had.items() if id in edge and set(edge) <= known}
        sources = {source for source, target in edges if target == id}
        graph = nx.DiGraph(list(self.edges[type]))
        return {
            (source, target): since
            for (source, target), since in edges.items()
            if target == id
            or not ({target} | (nx.descendants(graph, target) if target in graph else set())) & sources
        }

    def _move(self, n: int, old: str, new: str) -> None:
        for edges in self.edges.values():
            for edge in [one for one in edges if old in one]:
                del edges[edge]
                source, target = (new if id == old else id for id in edge)
                if source != target:
                    edges.setdefault((source, target), n)


def _tied(edges: Iterable[Edge], ids: set[str], new: str) -> set[Edge]:
    """The edges from or to any of `ids`, with `new` in their place."""
    return {
        (new if source in ids else source, new if target in ids else target)
        for source, target in edges
        if source in ids or target in ids
    }
