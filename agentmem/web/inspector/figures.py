"""Figures of pages, as numbers for SVG: bars of parts, and curves over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from agentmem.runs.web.curves import HEIGHT, WIDTH, Mark, Plot, top_of

COLOURS = 8
"""Colours that the style sheet has, by number."""
MARKS = 5
"""Marks on an axis of time, at most."""
LEAST = 1e-9


@dataclass(frozen=True)
class Segment:
    """A piece of a bar: where it begins and how wide it is, in units of `WIDTH`; what it stands for."""

    x: float
    width: float
    name: str
    value: float
    colour: int


@dataclass(frozen=True)
class Bar:
    """A bar of parts: negative ones to the left of zero, the others to the right.

    Attributes:
        segments: The parts that are something.
        zero: Where zero is, in units of `WIDTH`.
        end: Where the sum is.
    """

    segments: tuple[Segment, ...]
    zero: float
    end: float


def colours_of(parts: Sequence[Mapping[str, float]]) -> dict[str, int]:
    """A colour for each name of a part, in the order in which they come."""
    names = dict.fromkeys(name for one in parts for name in one)
    return {name: number % COLOURS for number, name in enumerate(names)}


def bars(parts: Sequence[Mapping[str, float]]) -> list[Bar]:
    """A bar for each, all to one scale."""
    colours = colours_of(parts)
    low = max((-sum(v for v in one.values() if v < 0) for one in parts), default=0.0)
    high = max((sum(v for v in one.values() if v > 0) for one in parts), default=0.0)
    scale = WIDTH / max(low + high, LEAST)
    return [_bar(one, colours, low * scale, scale) for one in parts]


def _bar(parts: Mapping[str, float], colours: Mapping[str, int], zero: float, scale: float) -> Bar:
    segments: list[Segment] = []
    right = left = zero
    for name, value in sorted(parts.items(), key=lambda part: -abs(part[1])):
        width = abs(value) * scale
        if width < LEAST:
            continue
        if value < 0:
            left -= width
        segments.append(Segment(left if value < 0 else right, width, name, value, colours[name]))
        if value > 0:
            right += width
    return Bar(tuple(segments), zero, zero + sum(parts.values()) * scale)


def shares(parts: Sequence[tuple[str, float]]) -> list[Segment]:
    """Parts of a whole, one behind the other over the full width."""
    whole = max(sum(value for _, value in parts), LEAST)
    found, x = [], 0.0
    for number, (name, value) in enumerate(parts):
        width = value / whole * WIDTH
        found.append(Segment(x, width, name, value, number))
        x += width
    return found


@dataclass(frozen=True)
class Curve:
    """A curve: its name, its path or area, its colour by number, and whether it is still to come."""

    name: str
    path: str
    colour: int
    comes: bool = False


@dataclass(frozen=True)
class Chart:
    """Curves over time.

    Attributes:
        title: What is drawn.
        curves: The curves.
        values: Marks of the axis of values.
        times: Marks of the axis of time.
        now: Where the moment is that is asked about, in percent; none: outside.
    """

    title: str
    curves: tuple[Curve, ...]
    values: tuple[Mark, ...]
    times: tuple[Mark, ...]
    now: float | None = None


@dataclass(frozen=True)
class Span:
    """A span of time, as the width of a chart."""

    start: datetime
    stop: datetime

    def share(self, at: datetime) -> float:
        """Where a moment is, from 0 to 1."""
        whole = (self.stop - self.start) / timedelta(seconds=1) or 1.0
        return (at - self.start) / timedelta(seconds=1) / whole

    def marks(self) -> tuple[Mark, ...]:
        """Moments at equal distances, told as finely as the span asks."""
        step = (self.stop - self.start) / MARKS
        form = "%Y-%m-%d" if step > timedelta(days=1) else "%m-%d %H:%M"
        told = [self.start + step * number for number in range(MARKS)]
        return tuple(Mark(round(100 * self.share(at), 2), f"{at.astimezone(UTC):{form}}") for at in told)


def plot_of(values: Sequence[float], top: float | None = None) -> Plot:
    """The axis of values."""
    return Plot(WIDTH, top if top is not None else top_of(values))


def line(plot: Plot, points: Sequence[tuple[float, float] | None]) -> str:
    """The path of points, each a share of the width and a value; where one is none, the line is broken."""
    told, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        told.append(f"{pen}{point[0] * WIDTH:.1f},{plot.y(point[1]) * HEIGHT / 100:.2f}")
        pen = "L"
    return "".join(told)


def area(plot: Plot, shares: Sequence[float], low: Sequence[float], high: Sequence[float]) -> str:
    """The area between two lines."""
    over = [f"{x * WIDTH:.1f},{plot.y(y) * HEIGHT / 100:.2f}" for x, y in zip(shares, high, strict=True)]
    under = [f"{x * WIDTH:.1f},{plot.y(y) * HEIGHT / 100:.2f}" for x, y in zip(shares, low, strict=True)]
    return f"M{'L'.join(over)}L{'L'.join(reversed(under))}Z" if over else ""


def stairs(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The same points, where each value holds until the next."""
    told = list(points[:1])
    for before, after in pairwise(points):
        told += [(after[0], before[1]), after]
    return told
