"""A task forest as a Mermaid flowchart: https://mermaid.js.org/syntax/flowchart.html."""

from __future__ import annotations

from agentmem.stores.task.graph import TaskGraph
from agentmem.stores.task.views.labels import Look, labels
from agentmem.stores.task.views.outline import outline

PLAIN = frozenset(" ,-_/()!?'")
"""What stands for itself in a quoted label, beside letters and digits; all else is written as its number."""
STYLES = {
    Look.TASK: "fill:#e8eefc,stroke:#3b5bab,color:#14213d",
    Look.OPEN: "fill:#ffffff,stroke:#8a94a6,color:#14213d,stroke-dasharray:5 3",
    Look.SETTLED: "fill:#ffffff,stroke:#33415c,color:#14213d",
    Look.ACTIVE: "fill:#dbeafe,stroke:#1d4ed8,color:#14213d,stroke-width:3px",
    Look.DONE: "fill:#dcf5e3,stroke:#1b7f3b,color:#14213d",
    Look.FAILED: "fill:#fde2e2,stroke:#b42318,color:#14213d",
    Look.STALE: "fill:#fff0cc,stroke:#b45309,color:#14213d,stroke-width:2px",
    Look.GONE: "fill:#f1f2f4,stroke:#9aa3b2,color:#5b6472",
}


def as_mermaid(graph: TaskGraph, *, everything: bool = False, under: str | None = None) -> str:
    """The flowchart: tree edges solid, dependencies dotted, a class for how each node looks.

    Args:
        graph: The forest.
        everything: Also what was rolled back, or superseded where the graph holds it.
        under: Only this node and what hangs under it.
    """
    shown = list(dict.fromkeys(row.id for row in outline(graph, everything=everything, under=under)))
    names = {id: f"n{place}" for place, id in enumerate(shown, 1)}
    told = labels(graph, shown)
    lines = ["flowchart LR"]
    for id, name in names.items():
        text = escaped(told[id].text)
        lines.append(f'  {name}(["{text}"])' if graph.nodes[id].kind == "task" else f'  {name}["{text}"]')
    for edges, arrow, reverse in (
        (graph.parents, "---", True),
        (graph.needs, "-. needs .->", False),
        (graph.replaced, "-. in the place of .->", True),
    ):
        for edge in edges:
            if edge.source in names and edge.target in names:
                ends = (edge.target, edge.source) if reverse else (edge.source, edge.target)
                lines.append(f"  {names[ends[0]]} {arrow} {names[ends[1]]}")
    for look, style in STYLES.items():
        alike = [names[id] for id in shown if told[id].look is look]
        if alike:
            lines += [f"  classDef {look} {style}", f"  class {','.join(alike)} {look}"]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """`text` for a quoted label: every character that could mean something to Mermaid as its number."""
    return "".join(c if c.isalnum() or c in PLAIN else f"#{ord(c)};" for c in text)
