"""A concept graph as JSON: what else draws or measures graphs can read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentmem.stores.concept.graph import FILLS

if TYPE_CHECKING:
    import networkx

SCHEMA = "agentmem.concept_graph/1"


def document(graph: networkx.MultiDiGraph) -> dict[str, Any]:
    """The graph as a value for `json.dumps`.

    Returns:
        `schema`, `nodes` (id, title, kind, form, uses, outcomes) and `edges` (source, target, type, directed,
        weight, and `shared` or `parameters`), as `concept_graph` says what they are.
    """
    return {
        "schema": SCHEMA,
        "nodes": [{"id": id, **data} for id, data in graph.nodes(data=True)],
        "edges": [
            {"source": one, "target": other, "type": key, "directed": key == FILLS, **data}
            for one, other, key, data in graph.edges(keys=True, data=True)
        ],
    }
