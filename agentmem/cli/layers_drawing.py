"""The scores of items over time as a picture: of one item, or of the best of each layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from agentmem.cli.layers_figure import COLOURS, figure
from agentmem.cli.plot_style import MUTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from agentmem.stores.layered.points import Course, Points
    from agentmem.stores.layered.policy import LayerPolicy

USED = "used"
MARKS = {"promoted": "^", "demoted": "v", "faded": "x", "revived": "P", USED: "o"}
LABEL = 34
"""Characters of an item's text in a legend."""
LEAST = timedelta(days=1)
"""A picture shows at least so long a time."""
AFTER = 0.08
"""What is shown after the last move, of the time before it."""
SCORES = ("recency", "importance", "rank")
"""What is drawn, one below the other."""
ROOM = 1.08
"""Where an axis ends, of the highest value on it."""


def draw_course(
    course: Course, policy: LayerPolicy, at: datetime, end: datetime | None, file: Path, *, over: bool
) -> None:
    """Draw one item: its scores, the layers that it stands in, its moves and uses.

    Args:
        course: The item.
        policy: The layers.
        at: The moment that is asked about: what comes after it is dashed.
        end: Where the picture ends; none: with the last move.
        file: A new file.
        over: Whether a file that is there is replaced.
    """
    from agentmem.stores.layered.points import points_of

    last = course.moves[-1].at if course.moves else at
    start = course.born
    stop = end or max(last, at, start + LEAST)
    stop = max(stop + (stop - start) * AFTER, start + LEAST)
    points = points_of(course, policy, start, stop)
    with figure(7.6, 5.6, file, over=over) as made:
        axes = _stacked(made, 1)[0]
        for place, (axis, score) in enumerate(zip(axes, SCORES, strict=True)):
            _shade(axis, points, policy, named=place == 0)
            _line(axis, points, score, COLOURS[0], _by_itself(course, at))
            axis.set_ylabel(_named(score, course.relevance))
        _thresholds(axes[1], points, policy)
        marks = _marks(axes[1], points, course, COLOURS[0])
        axes[0].set_title(_label(course, 2 * LABEL), loc="left", fontsize=10, pad=18)
        _moments(axes, at, start, stop)
        _explain_marks(made, marks, at)


def draw_layers(
    courses: Mapping[str, Sequence[Course]], policy: LayerPolicy, at: datetime, file: Path, *, over: bool
) -> None:
    """Draw the scores of items over time, in a column for each layer that has any.

    A line is strong while its item stands in the layer of its column, and thin while it stands in another.

    Args:
        courses: Items by the layer in which they stand at the moment.
        policy: The layers.
        at: The moment that is asked about.
        file: A new file.
        over: Whether a file that is there is replaced.
    """
    from agentmem.stores.layered.points import points_of

    shown = {name: some for name, some in courses.items() if some}
    rows = max((len(some) for some in shown.values()), default=0)
    with figure(max(4.0, 3.6 * len(shown)), 5.4 + 0.17 * rows, file, over=over) as made:
        columns, marks = _stacked(made, max(1, len(shown))), set[str]()
        if not shown:
            columns[0][0].set_title("nothing stands in any layer", loc="left")
        for axes, (name, some) in zip(columns, shown.items(), strict=False):
            start, stop = _span(some, at)
            for number, course in enumerate(some):
                points = points_of(course, policy, start, stop)
                colour = COLOURS[number % len(COLOURS)]
                for axis, score in zip(axes, SCORES, strict=True):
                    _line(axis, points, score, colour, _by_itself(course, at), layer=name)
                marks |= _marks(axes[1], points, course, colour)
                axes[2].plot([], [], color=colour, label=_label(course, LABEL))
            if axes is columns[0]:
                for axis, score in zip(axes, SCORES, strict=True):
                    axis.set_ylabel(_named(score, max(one.relevance for one in some)))
            axes[0].set_title(name, loc="left", fontsize=10, pad=14)
            axes[2].legend(loc="upper left", bbox_to_anchor=(-0.05, -0.22), fontsize=7.5)
            _moments(axes, at, start, stop)
        _explain_marks(made, marks, at)


def _stacked(figure: Figure, columns: int) -> list[list[Axes]]:
    """Axes for each of `SCORES`, one below the other, in so many columns."""
    grid = figure.subplots(len(SCORES), columns, sharex="col", squeeze=False)
    return [[grid[row][column] for row in range(len(SCORES))] for column in range(columns)]


def _span(some: Sequence[Course], at: datetime) -> tuple[datetime, datetime]:
    """From the first beginning of any until its next move after a moment, or as long again as it was."""
    start = min(one.born for one in some)
    leaves = [next((move.at for move in one.moves if move.at > at), at) for one in some]
    stop = min(max([*leaves, at]), at + max(at - start, LEAST))
    return start, max(stop + (stop - start) * AFTER, start + LEAST)


def _named(score: str, relevance: float) -> str:
    return score if score != "rank" or relevance else "rank without\nrelevance"


def _by_itself(course: Course, at: datetime) -> datetime:
    """From when on nothing is known of an item but what time makes of it."""
    return max([at, *course.uses])


def _label(course: Course, chars: int) -> str:
    from agentmem.cli.describing import short

    return _plain(short(course.item.text, chars))


def _plain(text: str) -> str:
    r"""Text of which matplotlib makes no formula."""
    return text.replace("$", r"\$")


def _line(
    axis: Axes, points: Points, score: str, colour: str, known: datetime, *, layer: str | None = None
) -> None:
    """One score: what comes by itself, after what is `known`, is dashed; outside of `layer` it is thin."""
    import numpy as np

    values = getattr(points, score)
    later = np.array([time > known for time in points.times])
    inside = np.array([layer is None or one == layer for one in points.layers])
    for comes in (False, True):
        for here in (False, True):
            wanted = (later == comes) & (inside == here)
            wanted[:-1] |= wanted[1:] & (later[:-1] != later[1:])  # the two halves meet at the moment
            told = np.where(wanted, values, np.nan)
            if not np.isnan(told).all():
                axis.plot(
                    _days(points.times),
                    told,
                    color=colour,
                    lw=1.6 if here else 0.9,
                    alpha=1.0 if here else 0.55,
                    ls="--" if comes else "-",
                )


def _shade(axis: Axes, points: Points, policy: LayerPolicy, *, named: bool) -> None:
    """The layers that an item stands in, as bands, each with its name above."""
    numbers = {name: number for number, name in enumerate(policy.names)}
    begins = 0
    whole = (points.times[-1] - points.times[0]) or LEAST
    for place in range(1, len(points.times) + 1):
        if place < len(points.times) and points.layers[place] == points.layers[begins]:
            continue
        name = points.layers[begins]
        start, stop = points.times[begins], points.times[min(place, len(points.times) - 1)]
        if name:
            shade = 0.05 + 0.06 * (numbers[name] % 3)
            axis.axvspan(_day(start), _day(stop), color=COLOURS[0], alpha=shade, lw=0)
        if named and (stop - start) / whole > 0.05:  # noqa: PLR2004  there is room for a word
            axis.annotate(
                name or "faded",
                (_day(start + (stop - start) / 2), 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(0, 3),
                textcoords="offset points",
                ha="center",
                fontsize=7.5,
                color=MUTED,
            )
        begins = place


def _thresholds(axis: Axes, points: Points, policy: LayerPolicy) -> None:
    """The importances at which an item moves up or down, while it stands in a layer."""
    import numpy as np

    from agentmem.stores.layered.trajectory import Ladder

    ladder = Ladder(policy)
    numbers = {name: number for number, name in enumerate(policy.names)}
    places = np.array([numbers.get(name, -1) for name in points.layers])
    for levels, style in ((ladder.ceiling, "-."), (ladder.floor, ":")):
        told = np.where(places >= 0, levels[places], np.nan)
        told[~np.isfinite(told)] = np.nan
        if not np.isnan(told).all():
            axis.plot(_days(points.times), told, color=MUTED, lw=0.8, ls=style)
    least = policy.least_importance
    if least > 0:
        axis.axhline(least, color=MUTED, lw=0.6)


def _marks(axis: Axes, points: Points, course: Course, colour: str) -> set[str]:
    """Moves and uses, on the line; the kinds of those that were drawn."""
    moved = {move.at for move in course.moves}
    importances = dict(zip(points.times, points.importance.tolist(), strict=True))
    shown: list[tuple[datetime, float, str]] = [
        (move.at, move.importance, move.kind) for move in course.moves
    ]
    shown += [(use, importances.get(use, 0.0), USED) for use in course.uses if use not in moved]
    shown = [one for one in shown if one[0] in importances]
    for at, importance, kind in shown:
        axis.plot(
            [_day(at)], [importance], MARKS[kind], color=colour, ms=3 if kind == USED else 5.5, zorder=3
        )
    return {kind for _, _, kind in shown}


def _moments(axes: Sequence[Axes], at: datetime, start: datetime, stop: datetime) -> None:
    """The axis of time, and the moment that is asked about."""
    from matplotlib.dates import DAILY, HOURLY, MONTHLY, YEARLY, AutoDateLocator, ConciseDateFormatter

    for axis in axes:
        axis.axvline(_day(at), color=MUTED, lw=0.8)
        axis.set_xlim(_day(start), _day(stop))
        axis.set_ylim(0, ROOM * (axis.dataLim.y1 if axis.dataLim.y1 > 0 else 1.0))
    most = {YEARLY: 6, MONTHLY: 8, DAILY: 6, HOURLY: 8}  # of half years and half days up to three of the next
    locator = AutoDateLocator(minticks=3, maxticks=most)
    axes[-1].xaxis.set_major_locator(locator)
    axes[-1].xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))


def _days(times: Sequence[datetime]) -> list[float]:
    """Moments on an axis, in days."""
    return [_day(time) for time in times]


def _day(time: datetime) -> float:
    from matplotlib.dates import date2num

    return float(date2num(time))


def _explain_marks(figure: Figure, marks: set[str], at: datetime) -> None:
    """What the marks mean, of those that there are."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], marker=mark, ls="", color=MUTED, label=kind)
        for kind, mark in MARKS.items()
        if kind in marks
    ]
    handles.append(Line2D([], [], color=MUTED, ls="--", label="by itself from here"))
    handles.append(Line2D([], [], color=MUTED, lw=0.8, label=f"{at:%Y-%m-%d}, asked about"))
    figure.legend(handles=handles, loc="outside lower left", ncols=len(handles), fontsize=7.5)
