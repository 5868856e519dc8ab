"""A concept memory as one HTML page: its graph, a search, and all that is known of each concept.

All that comes from the memory is data, and never markup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentmem.fence import clean
from agentmem.pages import page, part
from agentmem.stores.concept.entry import Concept, signature
from agentmem.stores.concept.graph import CO_USE, FILLS, SIMILAR, concept_graph, facts, fillers
from agentmem.stores.concept.views.holdings import Holdings
from agentmem.stores.concept.views.layout import LayoutPolicy, Picture, arrange, most_used
from agentmem.stores.concept.views.looks import MEANT, Line, Look, harms, look_of, shape, styles
from agentmem.stores.concept.views.svg import LINE_OF, line_paths, name, node, nothing, spoken, tip_marker
from agentmem.synthesis.render import inline

if TYPE_CHECKING:
    import networkx

NAMED_PROBLEMS = 40
"""Problems that are named under a concept; how many more there are is told."""
TOGETHER = 20
"""Concepts that are named as used together with one: those with most problems in common."""
PROBLEM_CHARS = 240
"""Characters of a problem's text that are shown."""


def as_html(memory: Holdings, *, title: str = "Concepts", policy: LayoutPolicy | None = None) -> str:
    """The page; it asks for nothing from outside.

    Args:
        memory: What it shows.
        title: What it is called.
        policy: How the graph is drawn.
    """
    told = told_of(memory, policy=policy)
    return page(
        __package__,
        "graph",
        part(__package__, "graph.js"),
        style_sheet(),
        told.pop("data"),
        title=title,
        **told,
    )


def style_sheet() -> str:
    """How the page looks."""
    return part(__package__, "graph.css") + "\n".join(_colours())


def told_of(memory: Holdings, *, policy: LayoutPolicy | None = None) -> dict[str, Any]:
    """What the page shows, by the names of its template; `data` is for its script.

    Args:
        memory: What it shows.
        policy: How the graph is drawn.
    """
    policy = policy or LayoutPolicy()
    ranked = sorted(memory.concepts, key=lambda one: -len(memory.uses.get(one.id, ())))
    memory = memory.altered({"concepts": tuple(ranked)})
    graph = concept_graph(memory.concepts, memory.uses, memory.similar, memory.outcomes)
    shown = most_used(graph, policy)
    picture = arrange(shown, policy)
    looks = [look_of(graph.nodes[one.id]) for one in memory.concepts]
    return {
        "data": _data(memory, graph),
        "counts": _counts(graph, memory),
        "few": f"{len(shown):,} of {len(graph):,} drawn: those with most uses"
        if len(shown) < len(graph)
        else "",
        "spoken": spoken(graph, shown),
        "width": round(picture.width),
        "height": round(picture.height),
        "drawing": _drawing(shown, picture, memory),
        "rows": [_row(one, look, graph) for one, look in zip(memory.concepts, looks, strict=True)],
        "looks": [(look, shape(look, 6)) for look in Look if look in looks],
        "lines": [
            (line, MEANT[line]) for line in Line if any(LINE_OF[key] is line for *_, key in picture.lines)
        ],
    }


def _colours() -> list[str]:
    dark = ':root[data-theme="dark"] %s'
    by_system = '@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) %s }'
    return list(dict.fromkeys([*styles(dark), *styles(by_system)]))


def _counts(graph: networkx.MultiDiGraph, memory: Holdings) -> list[tuple[str, str]]:
    """What the memory holds, by name."""
    counts = facts(graph)
    told = [
        ("concepts", counts["concepts"]),
        ("problems", len(memory.problems)),
        ("used together", counts[CO_USE]),
        ("may be one", counts[SIMILAR]),
        ("plug into each other", counts[FILLS]),
        ("harm more than they help", sum(harms(node) for _, node in graph.nodes(data=True))),
    ]
    return [(what, f"{count:,}") for what, count in told if count or what in ("concepts", "problems")]


def _drawing(shown: networkx.MultiDiGraph, picture: Picture, memory: Holdings) -> str:
    """What stands inside the SVG element; all text in it is escaped."""
    numbers = {one.id: place for place, one in enumerate(memory.concepts)}
    drawn = [tip_marker(), *line_paths(shown, picture, numbers)]
    for id in shown:
        drawn += node(picture.places[id], shown.nodes[id], f' data-n="{numbers[id]}"')
    drawn += [name(picture.places[id], f' data-n="{numbers[id]}"') for id in shown]
    return "\n".join([*drawn, *nothing(shown, picture)])


def _row(concept: Concept, look: Look, graph: networkx.MultiDiGraph) -> dict[str, Any]:
    """A line of the list."""
    data = graph.nodes[concept.id]
    return {
        "title": inline(concept.title),
        "kind": inline(concept.kind or look),
        "look": look,
        "shape": shape(look, 6),
        "uses": data["uses"],
        "harms": harms(data),
    }


def _data(memory: Holdings, graph: networkx.MultiDiGraph) -> dict[str, Any]:
    """What the script shows of each concept; concepts and problems are named by their numbers."""
    numbers = {one.id: place for place, one in enumerate(memory.concepts)}
    problems = {one.id: place for place, one in enumerate(memory.problems)}
    able = fillers(memory.concepts)
    asked: dict[str, list[tuple[int, str]]] = {id: [] for id in numbers}
    for one in memory.concepts:
        for parameter in one.parameters:
            for id in able.get(parameter.type, ()) if len(able.get(parameter.type, ())) <= TOGETHER else ():
                if id != one.id:
                    asked[id].append((numbers[one.id], clean(parameter.name)))
    return {
        "concepts": [
            {
                "id": one.id,
                "version": one.version,
                "form": one.form,
                "kind": clean(one.kind),
                "title": clean(one.title),
                "signature": clean(signature(one)),
                "description": clean(one.description),
                "alternatives": [clean(text) for text in one.alternatives],
                "aliases": [clean(text) for text in one.aliases],
                "parameters": [
                    [clean(part.name), clean(part.type), clean(part.description)] for part in one.parameters
                ],
                "output": clean(one.output),
                "cues": [clean(text) for text in one.cues],
                "notes": [clean(text) for text in one.notes],
                "hidden": one.hidden,
                "uses": graph.nodes[one.id]["uses"],
                "problems": [problems[id] for id in memory.uses.get(one.id, ())[:NAMED_PROBLEMS]],
                "outcomes": {clean(kind): value for kind, value in graph.nodes[one.id]["outcomes"].items()},
                "together": _together(one.id, graph, numbers),
                "alike": _ends(one.id, memory.similar, numbers),
                "beside": _ends(one.id, memory.beside, numbers),
                "asked": asked[one.id][:NAMED_PROBLEMS],
            }
            for one in memory.concepts
        ],
        "problems": [
            [
                clean(one.problem),
                clean(one.text[:PROBLEM_CHARS]) + ("…" if len(one.text) > PROBLEM_CHARS else ""),
            ]
            for one in memory.problems
        ],
        "fillers": {clean(text): [numbers[id] for id in ids] for text, ids in able.items()},
    }


def _together(id: str, graph: networkx.MultiDiGraph, numbers: dict[str, int]) -> list[tuple[int, int]]:
    """Concepts that are used with one, with the number of problems that both are used in."""
    found = [
        (numbers[other if one == id else one], data["shared"])
        for one, other, key, data in [
            *graph.out_edges(id, keys=True, data=True),
            *graph.in_edges(id, keys=True, data=True),
        ]
        if key == CO_USE
    ]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:TOGETHER]


def _ends(id: str, pairs: tuple[tuple[str, str], ...], numbers: dict[str, int]) -> list[int]:
    """The other ends of the pairs that a concept is in."""
    return [numbers[other if one == id else one] for one, other in pairs if id in (one, other)]
