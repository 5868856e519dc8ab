"""A task forest as JSON, without loss: read back, it is the same graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from pydantic import Field, ValidationError

from agentmem.errors import FormatError
from agentmem.faults import first_fault
from agentmem.records import Text, Value
from agentmem.stores.task.graph import Edge, TaskGraph
from agentmem.stores.task.node import Node
from agentmem.stores.task.views.outline import outline

SCHEMA: Literal["agentmem.task_graph/1"] = "agentmem.task_graph/1"


class Since(Value):
    """The other end of an edge.

    Attributes:
        id: Of the node there.
        since: The sequence number of the journal since which the edge holds.
    """

    id: Text
    since: int


class Stale(Value):
    """Why a value is out of date.

    Attributes:
        id: Of the node that changed since.
        slot: Its title.
    """

    id: Text
    slot: Text


class NodeDocument(Value):
    """One node and its edges.

    Attributes:
        node: The node itself.
        open: Whether a value or an end is still to come.
        parents: What it hangs under.
        needs: What it depends on.
        stale: Why its value is out of date; null where it is not.
        superseded_by: What took its place, where it stands no more.
        changed: When its value changed last, as a sequence number of the journal.
        settled: When it was confirmed last, where it was.
        missed: Nodes whose change its value had not followed at that time, whatever its edges say.
    """

    node: Node
    open: bool
    parents: tuple[Since, ...] = ()
    needs: tuple[Since, ...] = ()
    stale: Stale | None = None
    superseded_by: Since | None = None
    changed: int | None = None
    settled: int | None = None
    missed: tuple[Since, ...] = ()


class GraphDocument(Value):
    """A forest.

    Attributes:
        form: The name of this form (`schema` in JSON).
        nodes: All nodes, in the order in which they were made.
    """

    form: Literal["agentmem.task_graph/1"] = Field(default=SCHEMA, alias="schema")
    nodes: tuple[NodeDocument, ...] = ()


def as_json(graph: TaskGraph, *, under: str | None = None) -> str:
    """The graph as a JSON document, indented, with a line end.

    Args:
        graph: The forest.
        under: Only this node and what hangs under it; edges name nodes outside, too.
    """
    return document(graph, under=under).model_dump_json(indent=2, by_alias=True) + "\n"


def document(graph: TaskGraph, *, under: str | None = None) -> GraphDocument:
    """The graph, or the part of it under a node, as a document."""
    shown = None if under is None else {row.id for row in outline(graph, everything=True, under=under)}
    replaced = {edge.source: Since(id=edge.target, since=edge.seq) for edge in graph.replaced}
    parents: dict[str, list[Since]] = {}
    needs: dict[str, list[Since]] = {}
    missed: dict[str, list[Since]] = {}
    for found, edges in ((parents, graph.parents), (needs, graph.needs), (missed, graph.missed)):
        for edge in edges:
            found.setdefault(edge.source, []).append(Since(id=edge.target, since=edge.seq))
    changed, settled = graph.changed or {}, graph.settled or {}
    return GraphDocument(
        nodes=tuple(
            NodeDocument(
                node=node,
                open=node.is_open,
                parents=tuple(parents.get(id, ())),
                needs=tuple(needs.get(id, ())),
                stale=_stale(graph, id),
                superseded_by=replaced.get(id),
                changed=changed.get(id),
                settled=settled.get(id),
                missed=tuple(missed.get(id, ())),
            )
            for id, node in graph.nodes.items()
            if shown is None or id in shown
        )
    )


def _stale(graph: TaskGraph, id: str) -> Stale | None:
    culprit = graph.stale.get(id)
    return None if culprit is None else Stale(id=culprit, slot=graph.nodes[culprit].slot)


def from_json(text: str) -> TaskGraph:
    """The graph that `as_json` wrote; what is stale is reckoned anew.

    Raises:
        FormatError: it is no such document.
    """
    try:
        nodes = GraphDocument.model_validate_json(text).nodes
    except ValidationError as error:
        fault = first_fault(error)
        raise FormatError(
            f"this is no task graph: {fault.where}: {fault.message}", f"it should be {SCHEMA}"
        ) from error
    known = {one.node.id for one in nodes}

    def edges(ends: Callable[[NodeDocument], Sequence[Since]]) -> list[Edge]:
        found = [Edge(one.node.id, to.id, to.since) for one in nodes for to in ends(one) if to.id in known]
        return sorted(found, key=lambda edge: edge.seq)

    return TaskGraph(
        {one.node.id: one.node for one in nodes},
        parents=edges(lambda one: one.parents),
        needs=edges(lambda one: one.needs),
        changed={one.node.id: one.changed for one in nodes if one.changed is not None},
        settled={one.node.id: one.settled for one in nodes if one.settled is not None},
        missed=edges(lambda one: one.missed),
        replaced=edges(lambda one: (one.superseded_by,) if one.superseded_by else ()),
    )
