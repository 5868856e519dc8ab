"""A concept graph as a picture: one SVG file that needs nothing else, for light pages and dark ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from math import hypot
from typing import TYPE_CHECKING

from agentmem.fence import clean
from agentmem.stores.concept.graph import CO_USE, FILLS, SIMILAR, facts
from agentmem.stores.concept.views.layout import (
    CHAR,
    LINE,
    LayoutPolicy,
    Picture,
    Place,
    arrange,
    most_used,
)
from agentmem.stores.concept.views.looks import MEANT, Line, Look, harms, look_of, shape, styles
from agentmem.synthesis.render import inline

if TYPE_CHECKING:
    import networkx

LEGEND = 44
"""The height of the line below that says what shapes and lines mean."""
LINE_OF = {CO_USE: Line.USED, SIMILAR: Line.ALIKE, FILLS: Line.FILLS}
RING = 4
"""How far the ring of what harms stands off its shape, in pixels."""
NO_CONCEPTS = "No concepts yet"
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")


def as_svg(
    graph: networkx.MultiDiGraph, *, title: str = "Concepts", policy: LayoutPolicy | None = None
) -> str:
    """The picture: shapes by kind, large by use; lines between what is used together, alike, or fills.

    Args:
        graph: As `concept_graph` makes it.
        title: What the picture is called, for those who hear it.
        policy: How it is drawn.
    """
    policy = policy or LayoutPolicy()
    shown = most_used(graph, policy)
    picture = arrange(shown, policy)
    looks = [look for look in Look if any(look_of(node) is look for _, node in shown.nodes(data=True))]
    kinds = [line for line in Line if any(LINE_OF[key] is line for _, _, key in picture.lines)]
    legend, legend_width = _legend(looks, kinds, picture.height, policy)
    width, height = max(picture.width, legend_width), picture.height + LEGEND
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" aria-labelledby="title desc">',
        f'<title id="title">{xml(title)}</title>',
        f'<desc id="desc">{xml(spoken(graph, shown))}</desc>',
        "<style>",
        "text { font: 12px system-ui, Helvetica, Arial, sans-serif; text-anchor: middle; fill: #14213d; }",
        ".legend text { text-anchor: start; }",
        ".page { fill: #ffffff; } text { paint-order: stroke; stroke: #ffffff; stroke-width: 3px; }",
        ".shape { stroke-width: 1.5; } .ring { fill: none; stroke-width: 2; stroke-dasharray: 3 2; }",
        ".used, .alike, .fills { fill: none; } .fills { stroke-width: 1.3; } .used { stroke-opacity: .6; }",
        ".alike { stroke-dasharray: 2 4; stroke-linecap: round; stroke-width: 2; }",
        *styles("@media (prefers-color-scheme: dark) { %s }"),
        "@media (prefers-color-scheme: dark) { .page { fill: #0d1117; } "
        "text { fill: #e6ebf5; stroke: #0d1117; } }",
        "</style>",
        tip_marker(),
        f'<rect class="page" width="{width:.0f}" height="{height:.0f}"/>',
        *line_paths(shown, picture, {}),
        *(drawn for id in shown for drawn in node(picture.places[id], shown.nodes[id])),
        *(name(picture.places[id]) for id in shown),
        *nothing(shown, picture),
        *legend,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def xml(text: str) -> str:
    """`text` as XML says it; what no XML can hold, and what is obeyed without being seen, is left out."""
    return escape(_NO_XML.sub("", clean(text)))


def spoken(graph: networkx.MultiDiGraph, shown: networkx.MultiDiGraph) -> str:
    """What the picture shows, in words."""
    counts = facts(graph)
    few = f" ({len(shown)} with most uses are drawn)" if len(shown) < len(graph) else ""
    return (
        f"{counts['concepts']} concepts{few}; {counts[CO_USE]} pairs used together, "
        f"{counts[SIMILAR]} that may be one, {counts[FILLS]} that plug into each other. "
        + ". ".join(told(node) for _, node in shown.nodes(data=True))
    )


def told(node: dict[str, object]) -> str:
    """A concept in a few words."""
    kind = str(node["kind"] or look_of(node))
    harm = ", harmed more often than it helped" if harms(node) else ""
    return f"{inline(str(node['title']))} ({inline(kind)}, used in {node['uses']}{harm})"


def tip_marker() -> str:
    """The end of a line that has a direction."""
    return (
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
        'orient="auto"><path class="tip" d="M0,0 L10,5 L0,10 z"/></marker></defs>'
    )


def line_paths(graph: networkx.MultiDiGraph, picture: Picture, numbers: Mapping[str, int]) -> Iterator[str]:
    """The lines, each from the edge of one shape to that of another, with the numbers of both ends."""
    for one, other, key in picture.lines:
        start, end = picture.places[one], picture.places[other]
        kind = LINE_OF[key]
        weight = graph.edges[one, other, key]["weight"]
        width = f' stroke-width="{0.8 + 2.6 * weight:.1f}"' if kind is Line.USED else ""
        tip = ' marker-end="url(#tip)"' if kind is Line.FILLS else ""
        course = _course(start, end, bent=kind is not Line.USED)
        ends = f' data-ends="{numbers[one]} {numbers[other]}"' if numbers else ""
        yield f'<path class="{kind}"{width}{tip}{ends} d="{course}"/>'


def _course(start: Place, end: Place, *, bent: bool) -> str:
    across, down = end.x - start.x, end.y - start.y
    far = hypot(across, down) or 1.0
    right, low = across / far, down / far
    x, y = start.x + right * (start.radius + 2), start.y + low * (start.radius + 2)
    to_x, to_y = end.x - right * (end.radius + 4), end.y - low * (end.radius + 4)
    if not bent:
        return f"M{x:.1f},{y:.1f}L{to_x:.1f},{to_y:.1f}"
    aside = min(26.0, far * 0.16)
    bend_x, bend_y = (x + to_x) / 2 - low * aside, (y + to_y) / 2 + right * aside
    return f"M{x:.1f},{y:.1f}Q{bend_x:.1f},{bend_y:.1f} {to_x:.1f},{to_y:.1f}"


def node(place: Place, data: dict[str, object], attributes: str = "") -> Iterator[str]:
    """A concept: its shape, with what is told of it in a few words as a tooltip."""
    look = look_of(data)
    harm = " harm" if harms(data) else ""
    yield f'<g class="node {look}{harm}"{attributes} transform="translate({place.x:.1f},{place.y:.1f})">'
    yield f"<title>{xml(told(data))}</title>"
    if harm:
        yield f'<circle class="ring" r="{place.radius + RING:.1f}"/>'
    yield f'<path class="shape" d="{shape(look, place.radius)}"/>'
    yield "</g>"


def name(place: Place, attributes: str = "") -> str:
    """The name of a concept, under its shape; names are drawn last, so that no shape hides one."""
    y = place.radius + LINE - 2
    at = f'transform="translate({place.x:.1f},{place.y:.1f})"'
    return f'<text class="name"{attributes} {at} y="{y:.1f}">{xml(place.name)}</text>'


def nothing(graph: networkx.MultiDiGraph, picture: Picture) -> Iterator[str]:
    """What an empty picture says."""
    if not graph:
        yield f'<text x="{picture.width / 2:.0f}" y="{picture.height / 2:.0f}">{NO_CONCEPTS}</text>'


def _legend(
    looks: Sequence[Look], kinds: Sequence[Line], top: float, policy: LayoutPolicy
) -> tuple[list[str], float]:
    x, y = policy.margin, top + LEGEND / 2
    drawn = ['<g class="legend">']
    for look in looks:
        drawn.append(f'<g class="{look}" transform="translate({x + 7:.1f},{y:.1f})">')
        drawn.append(f'<path class="shape" d="{shape(look, 6)}"/></g>')
        drawn.append(f'<text x="{x + 18:.1f}" y="{y + 4:.1f}">{look}</text>')
        x += 18 + CHAR * len(look) + 18
    for kind in kinds:
        tip = ' marker-end="url(#tip)"' if kind is Line.FILLS else ""
        drawn.append(f'<path class="{kind}"{tip} d="M{x:.1f},{y:.1f}h24"/>')
        drawn.append(f'<text x="{x + 31:.1f}" y="{y + 4:.1f}">{MEANT[kind]}</text>')
        x += 31 + CHAR * len(MEANT[kind]) + 18
    return [*drawn, "</g>"], x + policy.margin
