"""How items of a layered memory stand over time, drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isnan
from typing import TYPE_CHECKING

from agentmem.records import Record
from agentmem.stores.layered.points import Course, Points, course_of, points_of
from agentmem.web.inspector.figures import COLOURS, Chart, Curve, Span, line, plot_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agentmem.stores.layered.course import Moved
    from agentmem.stores.layered.policy import LayerPolicy
    from agentmem.stores.layered.store import LayeredMemory

LEAST = timedelta(days=1)
"""A chart shows at least so long a time."""
AFTER = 0.06
"""What is shown after the last move, of the time before it."""
FURTHEST = timedelta(days=3_650)
"""What is shown after now, at most."""


@dataclass(frozen=True)
class Drawn:
    """An item over time: its curves, and its moves."""

    charts: tuple[Chart, ...]
    moves: tuple[Moved, ...]
    layer: str
    now: datetime


def course_drawn(memory: LayeredMemory, item: Record) -> Drawn:
    """Importance and recency of one item, from its beginning until after its last move."""
    now = memory.bank.view(memory.namespace, store=memory.shelf).now
    course = course_of(memory, item)
    last = min(max([now, *(move.at for move in course.moves)]), now + FURTHEST)
    start, stop = course.born, max(last, course.born + LEAST)
    span = Span(start, stop + (stop - start) * AFTER)
    points = points_of(course, memory.policy, span.start, span.stop)
    stand = memory.standing(item.id, now)
    return Drawn(
        charts=(
            _chart("importance", points.importance.tolist(), points, span, now, None),
            _chart("recency", points.recency.tolist(), points, span, now, 1.0),
        ),
        moves=course.moves,
        layer="" if stand is None else stand.layer,
        now=now,
    )


def _chart(
    title: str, values: Sequence[float], points: Points, span: Span, now: datetime, top: float | None
) -> Chart:
    told = [0.0 if isnan(value) else value for value in values]
    plot = plot_of(told, top)
    pairs = [
        None if isnan(value) else (span.share(at), value)
        for at, value in zip(points.times, values, strict=True)
    ]
    past = [pair if at <= now else None for pair, at in zip(pairs, points.times, strict=True)]
    comes = [pair if at >= now else None for pair, at in zip(pairs, points.times, strict=True)]
    curves = [Curve(title, line(plot, past), 0)]
    if any(comes):
        curves.append(Curve(f"{title}, by itself", line(plot, comes), 0, comes=True))
    at = span.share(now)
    return Chart(
        title=title,
        curves=tuple(curves),
        values=tuple(plot.values_axis()),
        times=span.marks(),
        now=round(100 * at, 2) if 0 <= at <= 1 else None,
    )


def ranks_drawn(
    courses: Sequence[Course], policy: LayerPolicy, now: datetime, names: Sequence[str]
) -> Chart | None:
    """The importance of several items over time; none where there is no item."""
    if not courses:
        return None
    start = min(course.born for course in courses)
    nexts = [next((move.at for move in one.moves if move.at > now), now) for one in courses]
    stop = max(min(max([now, *nexts]), now + max(now - start, LEAST)), start + LEAST)
    span = Span(start, stop + (stop - start) * AFTER)
    seen: list[tuple[Points, list[float]]] = []
    for course in courses:
        points = points_of(course, policy, span.start, span.stop)
        seen.append((points, points.importance.tolist()))
    plot = plot_of([value for _, some in seen for value in some if not isnan(value)] or [1.0])
    curves: list[Curve] = []
    for number, ((points, values), name) in enumerate(zip(seen, names, strict=True)):
        for comes in (False, True):
            pairs = [
                None if isnan(value) or (at > now) != comes else (span.share(at), value)
                for at, value in zip(points.times, values, strict=True)
            ]
            if any(pairs):
                curves.append(Curve(name, line(plot, pairs), number % COLOURS, comes=comes))
    at = span.share(now)
    marks = tuple(plot.values_axis())
    return Chart("importance", tuple(curves), marks, span.marks(), round(100 * at, 2) if at <= 1 else None)
