"""Where the concepts of a graph stand, in pixels: like near like, and no name over another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, sqrt
from typing import TYPE_CHECKING, Any
from unicodedata import combining, east_asian_width

import numpy as np
from numpy.typing import NDArray

from agentmem.records import Value
from agentmem.stores.concept.graph import CO_USE, FILLS
from agentmem.synthesis.render import inline

if TYPE_CHECKING:
    import networkx

CHAR, WIDE = 6.5, 12.0
"""The width of a letter, and of a full-width one, at the size of a name."""
LINE = 15
"""The height of a name."""
NEAR, FAR = 0.2, 1.6
"""What is added to the weight of an edge for its pull, and from what it is taken for its length."""


class LayoutPolicy(Value):
    """How a graph is drawn.

    Attributes:
        most: Concepts that are drawn at most: those with most uses.
        strongest: Lines of use that are drawn for each concept: its strongest, so that hubs do not hide all.
        telling: Least weight of a `fills` edge that is drawn: its inverse is how many fill the parameter.
        small: Least radius, in pixels.
        large: Greatest radius, of the concept with most uses.
        nearest: Most pixels between a concept and its nearest one, for the middle one of them.
        name: Greatest width of a name, in pixels; longer ones are cut.
        careful: Most concepts of a part that is laid out by all distances in it (Kamada and Kawai, 1989),
            which takes long for many; larger parts are laid out by springs (Fruchterman and Reingold, 1991).
        rounds: Most rounds in which names that overlap are moved apart.
        margin: Room around all, and between parts that nothing joins, in pixels.
    """

    most: int = 500
    strongest: int = 4
    telling: float = 0.2
    small: float = 6.0
    large: float = 18.0
    nearest: float = 130.0
    name: float = 150.0
    careful: int = 120
    rounds: int = 400
    margin: float = 26.0


@dataclass(frozen=True)
class Place:
    """Where a concept stands.

    Attributes:
        id: Its id.
        x: Of the middle of its shape.
        y: Of the middle of its shape.
        radius: Of its shape.
        name: Its title, cut where it is long; it stands under the shape.
        width: Of the box of shape and name.
    """

    id: str
    x: float
    y: float
    radius: float
    name: str
    width: float

    @property
    def top(self) -> float:
        """The upper end of its box."""
        return self.y - self.radius

    @property
    def bottom(self) -> float:
        """The lower end of its box."""
        return self.y + self.radius + LINE


@dataclass(frozen=True)
class Picture:
    """All places by id, the lines that are drawn (ends and kind), and the size of the whole."""

    places: dict[str, Place]
    lines: list[tuple[str, str, str]]
    width: float
    height: float


def arrange(graph: networkx.MultiDiGraph, policy: LayoutPolicy | None = None) -> Picture:
    """The places of all concepts: the same for the same graph."""
    import networkx

    policy = policy or LayoutPolicy()
    lines = drawn_lines(graph, policy)
    plain = networkx.Graph()
    plain.add_nodes_from(graph)
    for one, other, key in lines:
        weight = graph.edges[one, other, key]["weight"]
        held = plain.get_edge_data(one, other, {"weight": 0.0})["weight"]
        plain.add_edge(one, other, weight=max(held, weight))
    most = max((node["uses"] for _, node in graph.nodes(data=True)), default=0)
    begun = {id: _begun(id, graph.nodes[id], most, policy) for id in graph}
    order = {id: at for at, id in enumerate(graph)}
    found = [sorted(ids, key=order.__getitem__) for ids in networkx.connected_components(plain)]
    parts = sorted(found, key=lambda ids: (-len(ids), order[ids[0]]))
    groups = [_part(plain, ids, begun, policy) for ids in parts if len(ids) > 1]
    alone = [ids[0] for ids in parts if len(ids) == 1]
    if alone:
        groups.append(_rows([begun[id] for id in alone], groups, policy))
    return _packed(groups, lines, policy)


def most_used(graph: networkx.MultiDiGraph, policy: LayoutPolicy) -> networkx.MultiDiGraph:
    """The part of a graph that is drawn, in its order."""
    if len(graph) <= policy.most:
        return graph
    ranked = sorted(graph, key=lambda id: -graph.nodes[id]["uses"])[: policy.most]
    part = graph.copy()
    part.remove_nodes_from(set(graph) - set(ranked))
    return part


def drawn_lines(graph: networkx.MultiDiGraph, policy: LayoutPolicy) -> list[tuple[str, str, str]]:
    """The edges that are drawn: for each concept the strongest of use, and of the others what is telling."""
    place = {id: at for at, id in enumerate(graph)}
    by_node: dict[str, list[tuple[float, int, int, tuple[str, str, str]]]] = {}
    kept: dict[tuple[str, str, str], None] = {}
    for one, other, key, data in graph.edges(keys=True, data=True):
        if key == CO_USE:
            for end in (one, other):
                ranked = (-data["weight"], place[one], place[other], (one, other, key))
                by_node.setdefault(end, []).append(ranked)
        elif key != FILLS or data["weight"] >= policy.telling:
            kept[one, other, key] = None
    for edges in by_node.values():
        kept |= {line: None for *_, line in sorted(edges)[: policy.strongest]}
    return sorted(kept, key=lambda line: (line[2], place[line[0]], place[line[1]]))


def width_of(text: str) -> float:
    """About how wide a name is: no fonts are asked."""
    return sum(0 if combining(c) else WIDE if east_asian_width(c) in "WF" else CHAR for c in text)


def cut(text: str, longest: float) -> str:
    """`text` on one line, cut with an ellipsis where it is wider than `longest`."""
    line = inline(text)
    if width_of(line) <= longest:
        return line
    kept, room = "", longest - CHAR
    for c in line:
        room -= width_of(c)
        if room < 0:
            break
        kept += c
    return f"{kept.rstrip()}…"


def _begun(id: str, node: Mapping[str, Any], most: int, policy: LayoutPolicy) -> Place:
    share = sqrt(node["uses"] / most) if most else 0.0
    radius = policy.small + (policy.large - policy.small) * share
    name = cut(node["title"], policy.name)
    return Place(id, 0, 0, radius, name, max(width_of(name), 2 * radius) + 8)


def _part(
    graph: networkx.Graph, ids: Sequence[str], begun: Mapping[str, Place], policy: LayoutPolicy
) -> list[Place]:
    """The concepts of a part that hangs together; their order alone decides between equals, not their ids."""
    import networkx

    ordered = networkx.Graph()
    ordered.add_nodes_from(ids)
    place = {id: at for at, id in enumerate(ids)}
    edges = [
        (*sorted((one, other), key=place.__getitem__), w) for one, other, w in graph.edges(ids, "weight")
    ]
    for one, other, weight in sorted(edges, key=lambda edge: (place[edge[0]], place[edge[1]])):
        ordered.add_edge(one, other, weight=NEAR + weight, length=FAR - weight)
    if len(ordered) <= policy.careful:
        found = networkx.kamada_kawai_layout(ordered, weight="length")
    else:
        found = networkx.spring_layout(
            ordered, weight="weight", seed=1, iterations=150, method="force", k=1.6 / sqrt(len(ordered))
        )
    places = [begun[id] for id in ordered]
    points = np.array([found[one.id] for one in places], dtype=float)
    return _apart(places, _lying(points), policy)


def _lying(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points turned so that they spread most from left to right: pages are wider than high."""
    centred = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    signs = np.sign(axes[np.arange(len(axes)), np.argmax(np.abs(axes), axis=1)])
    turned: NDArray[np.float64] = centred @ (axes * signs[:, None]).T
    return turned


def _apart(places: Sequence[Place], points: NDArray[np.float64], policy: LayoutPolicy) -> list[Place]:
    """Places at points, scaled so that there is room, then moved until no box is over another."""
    half_width = np.array([one.width / 2 for one in places])
    heights = np.array([2 * one.radius + LINE + 6 for one in places])
    area = float(np.sum(2 * half_width * heights))
    spread = points.max(axis=0) - points.min(axis=0)
    room = sqrt(2.6 * area / max(1e-9, float(np.prod(np.maximum(spread, 0.3 * spread.max() + 1e-9)))))
    apart = np.sqrt(((points[:, None] - points[None, :]) ** 2).sum(axis=2))
    np.fill_diagonal(apart, np.inf)
    nearest = max(1e-9, float(np.median(apart.min(axis=1))))
    at = points * min(room, policy.nearest / nearest)
    middle = np.array([(LINE + 6) / 2 for _ in places])  # the middle of a box is under that of its shape
    wide, high = half_width[:, None] + half_width, (heights[:, None] + heights) / 2
    for _ in range(policy.rounds):
        across = at[:, None, 0] - at[None, :, 0]
        down = (at[:, 1] + middle)[:, None] - (at[:, 1] + middle)[None, :]
        over_x, over_y = wide - np.abs(across), high - np.abs(down)
        over = (over_x > 0) & (over_y > 0)
        np.fill_diagonal(over, val=False)
        if not over.any():
            break
        sideways = over & (over_x < over_y)
        upward = over & ~sideways
        order = np.sign(np.arange(len(places))[:, None] - np.arange(len(places))[None, :])
        at[:, 0] += 0.3 * np.sum(
            np.where(sideways, np.where(across == 0, order, np.sign(across)) * over_x, 0), axis=1
        )
        at[:, 1] += 0.3 * np.sum(
            np.where(upward, np.where(down == 0, order, np.sign(down)) * over_y, 0), axis=1
        )
    return [replace(one, x=float(x), y=float(y)) for one, (x, y) in zip(places, at, strict=True)]


def _rows(places: Sequence[Place], others: Sequence[Sequence[Place]], policy: LayoutPolicy) -> list[Place]:
    """Concepts that nothing joins, in rows under the others."""
    area = sum(one.width * (one.bottom - one.top + 8) for group in [*others, places] for one in group)
    width = max(ceil(sqrt(2.2 * area)), 400)
    found, x, y = [], 0.0, 0.0
    for one in places:
        if x and x + one.width > width:
            x, y = 0.0, y + 2 * policy.small + LINE + 14
        found.append(replace(one, x=x + one.width / 2, y=y))
        x += one.width + 6
    return found


def _packed(
    groups: Sequence[Sequence[Place]], lines: list[tuple[str, str, str]], policy: LayoutPolicy
) -> Picture:
    """Groups beside and under each other, in rows that are about as wide as the widest."""
    boxes = [_box(group) for group in groups]
    total = sum((right - left) * (bottom - top) for left, top, right, bottom in boxes)
    width = max([sqrt(1.8 * total), 320.0, *(right - left for left, _, right, _ in boxes)])
    places: dict[str, Place] = {}
    x, y, height, widest = policy.margin, policy.margin, 0.0, 0.0
    for group, (left, top, right, bottom) in zip(groups, boxes, strict=True):
        if x > policy.margin and x + right - left > width + policy.margin:
            x, y, height = policy.margin, y + height + policy.margin, 0.0
        for one in group:
            places[one.id] = replace(one, x=one.x - left + x, y=one.y - top + y)
        x += right - left + policy.margin
        height, widest = max(height, bottom - top), max(widest, x)
    return Picture(places, lines, max(widest, 320.0), y + height + policy.margin)


def _box(group: Sequence[Place]) -> tuple[float, float, float, float]:
    return (
        min(one.x - one.width / 2 for one in group),
        min(one.top for one in group),
        max(one.x + one.width / 2 for one in group),
        max(one.bottom for one in group),
    )
