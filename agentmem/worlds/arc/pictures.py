"""Pictures of grids, pairs and tasks: SVG, written here, and PNG. The same picture has the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agentmem.extras import needed
from agentmem.worlds.arc.grids import PALETTE, Grid, shape
from agentmem.worlds.arc.tasks import Pair, Task

LINE = "#555555"
"""The colour of the lines between cells."""
INK = "#333333"
"""The colour of arrows, question marks and titles."""
PAPER = "#ffffff"
"""The colour behind all."""


@dataclass(frozen=True)
class Style:
    """Sizes of a picture, in pixels.

    Attributes:
        cell: The side of a cell.
        gap: Between grids, and around all.
        arrow: The length of the arrow from an input to its output.
        title: The height of a title.
    """

    cell: int = 16
    gap: int = 16
    arrow: int = 28
    title: int = 14


@dataclass(frozen=True)
class _Mark:
    """A shape: an area of cells, a line of an arrow, or a word, in pixels."""

    kind: str
    x: int
    y: int
    width: int
    height: int
    colour: str
    text: str = ""


@dataclass(frozen=True)
class Picture:
    """What is to be seen, before it is drawn.

    Attributes:
        width: Of it all, in pixels.
        height: Likewise.
        marks: The shapes in it, in the order in which they are drawn.
    """

    width: int
    height: int
    marks: tuple[_Mark, ...]

    def svg(self) -> str:
        """The picture as SVG."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
            f'viewBox="0 0 {self.width} {self.height}">\n<rect width="100%" height="100%" fill="{PAPER}"/>\n'
        )
        return head + "\n".join(map(_svg, self.marks)) + "\n</svg>\n"

    def png(self) -> bytes:
        """The picture as PNG.

        Raises:
            Unavailable: Pillow is not installed.
        """
        with needed("pictures as PNG", "arc", instead="take SVG"):
            from PIL import Image, ImageDraw, ImageFont
        image = Image.new("RGB", (self.width, self.height), PAPER)
        draw = ImageDraw.Draw(image)
        for mark in self.marks:
            if mark.kind == "text":
                font = ImageFont.load_default(mark.height)
                draw.text((mark.x, mark.y), mark.text, fill=mark.colour, font=font, anchor="mm")
            elif mark.kind == "arrow":
                draw.line(_shaft(mark), fill=mark.colour, width=2)
                draw.polygon(_head(mark), fill=mark.colour)
            else:
                corner = (mark.x + mark.width - 1, mark.y + mark.height - 1)
                draw.rectangle(((mark.x, mark.y), corner), fill=mark.colour)
        written = io.BytesIO()
        image.save(written, "PNG", optimize=False)
        return written.getvalue()


def _shaft(mark: _Mark) -> list[tuple[int, int]]:
    return [(mark.x, mark.y), (mark.x + mark.width - mark.height, mark.y)]


def _head(mark: _Mark) -> list[tuple[int, int]]:
    end, back, half = mark.x + mark.width, mark.x + mark.width - mark.height, mark.height // 2
    return [(end, mark.y), (back, mark.y - half), (back, mark.y + half)]


def _svg(mark: _Mark) -> str:
    if mark.kind == "text":
        return (
            f'<text x="{mark.x}" y="{mark.y}" font-family="sans-serif" font-size="{mark.height}" '
            f'text-anchor="middle" dominant-baseline="central" fill="{mark.colour}">'
            f"{_escaped(mark.text)}</text>"
        )
    if mark.kind == "arrow":
        (x, y), (end, _) = _shaft(mark)
        points = " ".join(f"{x},{y}" for x, y in _head(mark))
        return (
            f'<path d="M{x} {y}H{end}" stroke="{mark.colour}" stroke-width="2"/>'
            f'<polygon points="{points}" fill="{mark.colour}"/>'
        )
    return (
        f'<rect x="{mark.x}" y="{mark.y}" width="{mark.width}" height="{mark.height}" fill="{mark.colour}"/>'
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def of_task(task: Task, style: Style | None = None) -> Picture:
    """A whole task: its examples in the left column, its tests, under a title, in the right one.

    What it shows of the tests is what the task has: `Task.visible()` shows question marks.
    """
    look = style or Style()
    left = _column("examples", task.train, look.gap, look)
    right = _column("tests", task.test, left[0] + 3 * look.gap, look)
    marks = [*left[2], *right[2]]
    return Picture(right[0] + look.gap, max(left[1], right[1]), tuple(marks))


def _column(title: str, pairs: Sequence[Pair], x: int, look: Style) -> tuple[int, int, list[_Mark]]:
    """Where a column ends on the right and below, and what stands in it."""
    marks: list[_Mark] = []
    y, right = look.gap + look.title + look.gap // 2, x
    for pair in pairs:
        width, height, shown = _pair(pair, x, y, look)
        marks += shown
        right, y = max(right, x + width), y + height + look.gap
    middle = x + (right - x) // 2
    return right, y, [_Mark("text", middle, look.gap + look.title // 2, 0, look.title, INK, title), *marks]


def _pair(pair: Pair, x: int, y: int, look: Style) -> tuple[int, int, list[_Mark]]:
    """How wide and high a pair is, and its shapes, from `x` and `y`."""
    width, height = _size(pair.input, look)
    wide, high = _size(pair.output, look) if pair.output else (2 * look.gap, 2 * look.gap)
    tall = max(height, high)
    start = x + width + look.gap // 2
    beyond = start + look.arrow + look.gap // 2
    marks = list(_cells(pair.input, x, y + (tall - height) // 2, look))
    marks.append(_Mark("arrow", start, y + tall // 2, look.arrow, look.arrow // 3, INK))
    if pair.output:
        marks += _cells(pair.output, beyond, y + (tall - high) // 2, look)
    else:
        marks.append(_Mark("text", beyond + wide // 2, y + tall // 2, 0, 2 * look.title, INK, "?"))
    return beyond + wide - x, tall, marks


def _size(grid: Grid, look: Style) -> tuple[int, int]:
    """The width and the height of a grid: a line of one pixel stands on either side of each cell."""
    rows, columns = shape(grid)
    return columns * look.cell + 1, rows * look.cell + 1


def _cells(grid: Grid, x: int, y: int, look: Style) -> Iterator[_Mark]:
    width, height = _size(grid, look)
    yield _Mark("cells", x, y, width, height, LINE)
    side = max(look.cell - 1, 1)
    for i, row in enumerate(grid):
        for j, cell in enumerate(row):
            yield _Mark("cells", x + j * look.cell + 1, y + i * look.cell + 1, side, side, PALETTE[cell])
