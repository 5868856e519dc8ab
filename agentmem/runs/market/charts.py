"""Curves over the days of a run, as paths for an SVG that is stretched to its place."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from agentmem.runs.web.curves import HEIGHT, MARKS, WIDTH, Mark

_MOST_DATES = 8
"""Marks under a plot at most."""
_PERIODS: Sequence[tuple[Callable[[datetime.date], int], str]] = (
    (lambda day: (day.toordinal() - 1) // 7, "%d %b"),
    *(
        (lambda day, months=months: (day.year * 12 + day.month - 1) // months, form)
        for months, form in (
            (1, "%b %Y"),
            (3, "%b %Y"),
            (6, "%b %Y"),
            (12, "%Y"),
            (24, "%Y"),
            (60, "%Y"),
            (240, "%Y"),
        )
    ),
)
"""Periods at whose first days marks may stand, as numbers that change with them, and how they are written."""
_MARGIN = 0.04
"""Of the height, above and below the curves."""


@dataclass(frozen=True)
class Chart:
    """A place for curves of one value a day.

    Attributes:
        dates: The days.
        low: The value at the lower edge.
        high: The value at the upper edge.
        told: How a value is written.
    """

    dates: Sequence[datetime.date]
    low: float
    high: float
    told: Callable[[float], str]

    def x(self, place: float) -> float:
        """Where a day is, in percent of the width."""
        return round(100 * place / max(1, len(self.dates) - 1), 3)

    def y(self, value: float) -> float:
        """Where a value is, in percent of the height, from above."""
        return round(100 * (self.high - value) / (self.high - self.low), 3)

    def line(self, values: Sequence[float], places: Sequence[int] | None = None) -> str:
        """The path of values, one a day, or of those at `places`."""
        at = range(len(values)) if places is None else places
        points = [(self.x(place), self.y(value)) for place, value in zip(at, values, strict=True)]
        if len(points) == 1:
            points.append((points[0][0] + 1, points[0][1]))
        return "".join(f"{'L' if n else 'M'}{_units(x)},{y:g}" for n, (x, y) in enumerate(points))

    def stairs(self, values: Sequence[float]) -> str:
        """The path of values that hold until the next day; days without a change are left out."""
        parts: list[str] = []
        last: float | None = None
        for place, value in enumerate(values):
            if value != last:
                parts.append(f"{'H' if parts else 'M'}{_units(self.x(place))}")
                parts.append(f"V{self.y(value):g}" if len(parts) > 1 else f",{self.y(value):g}")
                last = value
        return "".join(parts) + (f"H{WIDTH}" if parts else "")

    def area(self, path: str, value: float) -> str:
        """The area between a path over all days and a value."""
        return f"{path}V{self.y(value):g}H0Z" if path else ""

    def dots(self, points: Iterable[tuple[int, float]]) -> str:
        """A dot for each day and value: strokes without a length, whose round ends are seen."""
        return "".join(f"M{_units(self.x(place))},{self.y(value):g}h0" for place, value in points)

    def ticks(self, places: Iterable[int], length: float, *, above: bool) -> str:
        """A short stroke at an edge for each day."""
        start, step = (0, "v") if above else (HEIGHT, "v-")
        return "".join(f"M{_units(self.x(place))},{start}{step}{length:g}" for place in places)

    def values_axis(self) -> list[Mark]:
        """Marks at round values."""
        return [Mark(self.y(value), self.told(value)) for value in round_values(self.low, self.high)]

    def dates_axis(self) -> list[Mark]:
        """Marks at the first days of years, quarters or months, as many as there is room for, or of weeks."""
        found: list[int] = []
        form = "%d %b"
        for number_of, form in _PERIODS:  # noqa: B007  the last is used below
            numbers = [number_of(day) for day in self.dates]
            found = [place for place in range(1, len(numbers)) if numbers[place] != numbers[place - 1]]
            if len(found) <= _MOST_DATES:
                break
        places = found or [0] if self.dates else []
        return [Mark(self.x(place), f"{self.dates[place]:{form}}") for place in places]


def chart_of(
    dates: Sequence[datetime.date],
    curves: Iterable[Sequence[float]],
    told: Callable[[float], str],
    *,
    include: Sequence[float] = (),
) -> Chart:
    """A place for curves, as high as they need.

    Args:
        dates: The days.
        curves: Values, one a day each.
        told: How a value is written.
        include: Values that have a place too, as 0.
    """
    values = [*include, *(value for curve in curves for value in curve)] or [0.0]
    low, high = min(values), max(values)
    if low == high:
        high = low + (abs(low) or 1.0)
    room = (high - low) * _MARGIN
    return Chart(dates, low if low in include else low - room, high if high in include else high + room, told)


def round_values(low: float, high: float) -> list[float]:
    """Round values from `low` to `high`, about `MARKS` of them."""
    apart = (high - low) / MARKS
    power = 10.0 ** math.floor(math.log10(apart))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= apart * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]


def _units(percent: float) -> str:
    return f"{percent * WIDTH / 100:g}"
