"""A task forest as a picture: one SVG file that needs nothing else, for light pages and dark ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape

from agentmem.stores.task.graph import Edge, TaskGraph
from agentmem.stores.task.views.labels import Label, Look, labels
from agentmem.stores.task.views.layout import CHAR, LINE, MARGIN, PAD_X, PAD_Y, Box, Picture, arrange
from agentmem.stores.task.views.outline import outline

LIGHT: Mapping[Look, tuple[str, str, str]] = {
    Look.TASK: ("#e8eefc", "#3b5bab", "#14213d"),
    Look.OPEN: ("#ffffff", "#6b7688", "#14213d"),
    Look.SETTLED: ("#ffffff", "#33415c", "#14213d"),
    Look.ACTIVE: ("#dbeafe", "#1d4ed8", "#14213d"),
    Look.DONE: ("#dcf5e3", "#1b7f3b", "#14213d"),
    Look.FAILED: ("#fde2e2", "#b42318", "#14213d"),
    Look.STALE: ("#fff0cc", "#b45309", "#14213d"),
    Look.GONE: ("#f1f2f4", "#9aa3b2", "#5b6472"),
}
"""Fill, line and text of a box on a light page; its text has a contrast of 4.5 to 1 or more."""
DARK: Mapping[Look, tuple[str, str, str]] = {
    Look.TASK: ("#1e2b4d", "#7f9be0", "#e6ebf5"),
    Look.OPEN: ("#161b24", "#8a94a6", "#e6ebf5"),
    Look.SETTLED: ("#161b24", "#aab4c5", "#e6ebf5"),
    Look.ACTIVE: ("#1b3157", "#6aa5ff", "#e6ebf5"),
    Look.DONE: ("#12321f", "#4fbf77", "#e6ebf5"),
    Look.FAILED: ("#431a1a", "#f08a80", "#e6ebf5"),
    Look.STALE: ("#3f2f0d", "#f0a83c", "#e6ebf5"),
    Look.GONE: ("#20252e", "#6b7688", "#aab4c5"),
}
DASHED = {Look.OPEN: "5 3", Look.GONE: "2 3"}
THICK = (Look.ACTIVE, Look.STALE)
LEGEND = 56
"""The height of the line below that says what colours mean."""
ASIDE = 6
"""How far below the middle of a box dependencies begin and end: beside the tree's own lines."""
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")


def as_svg(
    graph: TaskGraph, *, title: str = "Task forest", everything: bool = False, under: str | None = None
) -> str:
    """The picture: boxes from left to right, tree edges solid, dependencies dotted, a legend below.

    Args:
        graph: The forest.
        title: What the picture is called, for those who hear it.
        everything: Also what was rolled back, or superseded where the graph holds it.
        under: Only this node and what hangs under it.
    """
    return drawing(
        graph, ("<style>", *_styles(), "</style>"), title=title, everything=everything, under=under
    )


def drawing(
    graph: TaskGraph,
    head: Iterable[str] = (),
    *,
    title: str = "Task forest",
    everything: bool = False,
    under: str | None = None,
    link: Callable[[str], str] | None = None,
) -> str:
    """The picture without a style sheet: for a page that has the rules of `styles`.

    Args:
        graph: The forest.
        head: What stands at its beginning.
        title: What the picture is called, for those who hear it.
        everything: Also what was rolled back, or superseded where the graph holds it.
        under: Only this node and what hangs under it.
        link: The address that the node of an id leads to.
    """
    rows = outline(graph, everything=everything, under=under)
    told = labels(graph, list(dict.fromkeys(row.id for row in rows)))
    picture = arrange(rows, told)
    looks = [look for look in Look if any(one.look is look for one in told.values())]
    legend = list(_legend(looks, picture.height))
    width = max(picture.width, sum(_legend_widths(looks)) + 2 * MARGIN)
    height = picture.height + LEGEND
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" aria-labelledby="title desc">',
        f'<title id="title">{xml(title)}</title>',
        f'<desc id="desc">{xml(_spoken(told))}</desc>',
        *head,
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
        'orient="auto"><path class="tip" d="M0,0 L10,5 L0,10 z"/></marker></defs>',
        f'<rect class="page" width="{width:.0f}" height="{height:.0f}"/>',
        *_edges(graph, picture),
        *(drawn for box in picture.boxes.values() for drawn in _linked(box, told[box.id], link)),
        *legend,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _linked(box: Box, told: Label, link: Callable[[str], str] | None) -> Iterator[str]:
    if link is None:
        yield from _box(box, told)
    else:
        yield f'<a href="{xml(link(box.id))}">'
        yield from _box(box, told)
        yield "</a>"


def xml(text: str) -> str:
    """`text` as XML says it; what no XML can hold is left out."""
    return escape(_NO_XML.sub("", text))


def _spoken(told: Mapping[str, Label]) -> str:
    return ". ".join(one.line for one in told.values()) or "No tasks."


def _styles() -> Iterator[str]:
    yield from styles(dark=False)
    yield "@media (prefers-color-scheme: dark) {"
    yield from _dark()
    yield "}"


def styles(*, dark: bool) -> Iterator[str]:
    """The rules for a light page, or a dark one."""
    yield "text { font-family: system-ui, Helvetica, Arial, sans-serif; font-size: 13px; }"
    yield ".small { font-size: 11px; }"
    yield ".tree { stroke-width: 1.4; fill: none; }"
    yield ".needs { stroke-width: 1.4; fill: none; stroke-dasharray: 2 4; stroke-linecap: round; }"
    yield ".was { stroke-width: 1.2; fill: none; stroke-dasharray: 6 4; }"
    if dark:
        yield from _dark()
    else:
        yield from _colours(LIGHT, page="#ffffff", line="#66718a", needs="#7a3ea1", text="#14213d")


def _dark() -> Iterator[str]:
    return _colours(DARK, page="#0d1117", line="#7d8899", needs="#c58be8", text="#e6ebf5")


def _colours(
    colours: Mapping[Look, tuple[str, str, str]], *, page: str, line: str, needs: str, text: str
) -> Iterator[str]:
    yield f".page {{ fill: {page}; }}"
    yield f".legend {{ fill: {text}; }}"
    yield f".tree, .was {{ stroke: {line}; }}"
    yield f".needs {{ stroke: {needs}; }}"
    yield f".tip {{ fill: {needs}; }}"
    for look, (fill, stroke, ink) in colours.items():
        dashes = f" stroke-dasharray: {DASHED[look]};" if look in DASHED else ""
        width = 2.4 if look in THICK else 1.3
        yield f".{look} rect {{ fill: {fill}; stroke: {stroke}; stroke-width: {width};{dashes} }}"
        yield f".{look} text {{ fill: {ink}; }}"


def _box(box: Box, told: Label) -> Iterator[str]:
    radius = 14 if told.look is Look.TASK else 5
    yield f'<g class="{told.look}">'
    yield f"<title>{xml(told.line)}</title>"
    yield (
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" '
        f'rx="{radius}"/>'
    )
    for place, line in enumerate(box.lines):
        small = ' class="small"' if place else ""
        y = box.y + PAD_Y + LINE * place + 13
        yield f'<text{small} x="{box.x + PAD_X:.1f}" y="{y:.1f}">{xml(line)}</text>'
    yield "</g>"


def _edges(graph: TaskGraph, picture: Picture) -> Iterator[str]:
    for kind, edges in (("tree", graph.parents), ("was", graph.replaced)):
        for child, parent in _drawn(edges, picture):
            start, end = parent.right, child.x
            bend = (start + end) / 2 if end > start else start + 20  # the second of several parents
            yield _path(kind, (start, parent.middle), bend, (end, child.middle))
    for box, other in _drawn(graph.needs, picture):
        if other.right < box.x:
            start, end = box.x, other.right + 2
            bend = (start + end) / 2
        elif box.right < other.x:
            start, end = box.right, other.x - 2
            bend = (start + end) / 2
        else:
            start, end = box.right, other.right + 2
            bend = max(start, end) + 22 + min(70.0, abs(box.middle - other.middle) * 0.22)
        yield _path("needs", (start, box.middle + ASIDE), bend, (end, other.middle + ASIDE))


def _path(kind: str, start: tuple[float, float], bend: float, end: tuple[float, float]) -> str:
    """A curve that leaves and arrives level, by way of the x `bend`."""
    tip = ' marker-end="url(#tip)"' if kind == "needs" else ""
    (x, y), (to_x, to_y) = start, end
    curve = f"M{x:.1f},{y:.1f} C{bend:.1f},{y:.1f} {bend:.1f},{to_y:.1f} {to_x:.1f},{to_y:.1f}"
    return f'<path class="{kind}"{tip} d="{curve}"/>'


def _drawn(edges: Iterable[Edge], picture: Picture) -> Iterator[tuple[Box, Box]]:
    for edge in edges:
        if edge.source in picture.boxes and edge.target in picture.boxes:
            yield picture.boxes[edge.source], picture.boxes[edge.target]


SWATCH = 22
NEEDS = "needs"


def _legend_widths(looks: Sequence[Look]) -> list[float]:
    return [SWATCH + 10 + CHAR * len(name) + 18 for name in (*looks, NEEDS)]


def _legend(looks: Sequence[Look], top: float) -> Iterator[str]:
    x, y = float(MARGIN), top + 12
    for name, width in zip((*looks, NEEDS), _legend_widths(looks), strict=True):
        if name == NEEDS:
            yield f'<path class="needs" d="M{x:.1f},{y + 7:.1f} h{SWATCH}"/>'
        else:
            yield f'<g class="{name}"><rect x="{x:.1f}" y="{y:.1f}" width="{SWATCH}" height="14" rx="3"/></g>'
        yield f'<text class="small legend" x="{x + SWATCH + 8:.1f}" y="{y + 11:.1f}">{name}</text>'
        x += width
