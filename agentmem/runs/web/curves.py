"""Curves over the steps of an episode, as paths for an SVG that is stretched to its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10

WIDTH, HEIGHT = 1_000, 100
"""The units of a plot, whatever size it is shown at."""
MARKS = 5
"""Marks on an axis, about."""


@dataclass(frozen=True)
class Mark:
    """A mark on an axis: its place in percent, and what stands there."""

    at: float
    text: str


@dataclass(frozen=True)
class Plot:
    """A place for curves.

    Attributes:
        steps: The last step; the first is 1.
        top: The value at the upper edge.
    """

    steps: int
    top: float

    def x(self, step: int) -> float:
        """Where a step is, in percent of the width."""
        return round(100 * (step - 1) / max(1, self.steps - 1), 3)

    def y(self, value: float) -> float:
        """Where a value is, in percent of the height, from above."""
        return round(100 * (1 - value / self.top), 3)

    def line(self, values: Sequence[float]) -> str:
        """The path of one value a step, from the first step."""
        return _path([(self.x(step), self.y(value)) for step, value in enumerate(values, 1)])

    def stairs(self, values: Sequence[float]) -> str:
        """The same, where each value holds until the next."""
        points: list[tuple[float, float]] = []
        for step, value in enumerate(values, 1):
            if points:
                points.append((self.x(step), points[-1][1]))
            points.append((self.x(step), self.y(value)))
        return _path(points)

    def below(self, path: str) -> str:
        """The area under a path."""
        return f"{path}V{HEIGHT}H0Z" if path else ""

    def ticks(self, steps: Sequence[int], length: float) -> str:
        """A short stroke at the lower edge for each of these steps."""
        return "".join(f"M{_units(self.x(step))},{HEIGHT}v-{length:g}" for step in steps)

    def steps_axis(self) -> list[Mark]:
        """Marks at round numbers of steps."""
        apart = round_step(max(1, self.steps - 1) / MARKS)
        numbers = [1, *(number for number in range(apart, self.steps + 1, apart) if number > 1)]
        return [Mark(self.x(number), f"{number:,}") for number in numbers]

    def values_axis(self) -> list[Mark]:
        """Marks at round values."""
        apart = round_step(self.top / MARKS)
        return [Mark(self.y(value), f"{value:,}") for value in range(0, int(self.top) + 1, apart)]


def round_step(value: float) -> int:
    """The next number of 1, 2 or 5 and noughts that is not less."""
    if value <= 1:
        return 1
    power = 10 ** int(log10(value))
    return next(int(factor * power) for factor in (1, 2, 5, 10) if factor * power >= value)


def top_of(values: Sequence[float]) -> float:
    """A round number above all values."""
    highest = max([1.0, *values])
    apart = round_step(highest / MARKS)
    return float(ceil(highest * 1.02 / apart) * apart)


def _path(points: Sequence[tuple[float, float]]) -> str:
    """A path; where it goes straight on, the points between are left out."""
    kept: list[tuple[float, float]] = []
    for place, point in enumerate(points):
        if 0 < place < len(points) - 1 and kept[-1][1] == point[1] == points[place + 1][1]:
            continue
        kept.append(point)
    if len(kept) == 1:
        kept = [(0.0, kept[0][1]), (100.0, kept[0][1])]
    return "".join(f"{'L' if place else 'M'}{_units(x)},{y:g}" for place, (x, y) in enumerate(kept))


def _units(percent: float) -> str:
    return f"{percent * WIDTH / 100:g}"
