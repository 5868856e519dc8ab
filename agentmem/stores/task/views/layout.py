"""A tidy tree, drawn from left to right: who stands where, in pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from unicodedata import combining, east_asian_width

from agentmem.stores.task.views.labels import Label
from agentmem.stores.task.views.outline import Row

CHAR, WIDE = 7.2, 14.0
"""The width of a letter, and of a full-width one, at the size of the first line."""
SMALL = 0.86
"""The size of the second line beside the first."""
LINE = 17
PAD_X, PAD_Y = 12, 8
GAP, COLUMN_GAP, MARGIN = 12, 46, 24
LONGEST = 340
"""Pixels after which a line is cut: the whole text stands in the tooltip."""
BULGE = 76
"""Room to the right, for the curves of dependencies."""


@dataclass(frozen=True)
class Box:
    """A node in its place; x and y are those of its upper left corner."""

    id: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]

    @property
    def right(self) -> float:
        """The x of its right side."""
        return self.x + self.width

    @property
    def middle(self) -> float:
        """The y of its middle."""
        return self.y + self.height / 2


@dataclass(frozen=True)
class Picture:
    """All boxes by id, and the size of the whole."""

    boxes: dict[str, Box]
    width: float
    height: float


def width_of(text: str) -> float:
    """About how wide a text is: no fonts are asked."""
    return sum(0 if combining(c) else WIDE if east_asian_width(c) in "WF" else CHAR for c in text)


def cut(text: str, longest: float = LONGEST) -> str:
    """`text`, cut with an ellipsis where it is wider than `longest`."""
    if width_of(text) <= longest:
        return text
    kept, room = [], longest - CHAR
    for c in text:
        room -= width_of(c)
        if room < 0:
            break
        kept.append(c)
    return "".join(kept).rstrip() + "…"


def arrange(rows: Sequence[Row], told: Mapping[str, Label]) -> Picture:
    """Where every node stands: children under one another, a parent beside the middle of them.

    Args:
        rows: The outline; a node that hangs under several stands where it comes first.
        told: The label of each.
    """
    once = [row for row in rows if not row.again]
    lines = {row.id: _lines(told[row.id]) for row in once}
    heights = {id: len(both) * LINE + 2 * PAD_Y for id, both in lines.items()}
    children = _children(once)
    columns = _columns(once, lines)

    spans: dict[str, float] = {}
    for row in reversed(once):
        spans[row.id] = max(heights[row.id], _total(children[row.id], spans))
    boxes: dict[str, Box] = {}
    top: dict[str, float] = {}
    cursor = float(MARGIN)
    for row in once:
        if row.depth == 0:
            top[row.id] = cursor
            cursor += spans[row.id] + 2 * GAP
        x, width = columns[row.depth]
        y = top[row.id] + (spans[row.id] - heights[row.id]) / 2
        boxes[row.id] = Box(row.id, x, y, width, heights[row.id], lines[row.id])
        place = top[row.id] + (spans[row.id] - _total(children[row.id], spans)) / 2
        for child in children[row.id]:
            top[child] = place
            place += spans[child] + GAP
    right = max((box.right for box in boxes.values()), default=0.0)
    return Picture(boxes, right + BULGE + MARGIN, cursor)


def _lines(told: Label) -> tuple[str, ...]:
    head = cut(told.head)
    return (head, cut("; ".join(told.marks), LONGEST / SMALL)) if told.marks else (head,)


def _children(rows: Sequence[Row]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {row.id: [] for row in rows}
    above: list[str] = []
    for row in rows:
        del above[row.depth :]
        if above:
            found[above[-1]].append(row.id)
        above.append(row.id)
    return found


def _columns(rows: Sequence[Row], lines: Mapping[str, Sequence[str]]) -> list[tuple[float, float]]:
    """Where each column begins, and how wide it is."""
    widths: list[float] = []
    for row in rows:
        widths += [0.0] * (row.depth + 1 - len(widths))
        first, *second = lines[row.id]
        wide = max(width_of(first), *(width_of(line) * SMALL for line in second), 0.0)
        widths[row.depth] = max(widths[row.depth], wide + 2 * PAD_X)
    found, x = [], float(MARGIN)
    for width in widths:
        found.append((x, width))
        x += width + COLUMN_GAP
    return found


def _total(ids: Sequence[str], spans: Mapping[str, float]) -> float:
    return sum(spans[id] for id in ids) + GAP * max(0, len(ids) - 1)
