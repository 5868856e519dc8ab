"""One task as a picture (SVG): its grids, the concepts that were selected for it, and the program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import escape

from agentmem.runs.arc.results import Row
from agentmem.worlds.arc.pictures import INK, LINE, PAPER, Style, of_task
from agentmem.worlds.arc.tasks import Pair, Task


@dataclass(frozen=True)
class Page:
    """Sizes, in pixels, and how much is shown.

    Attributes:
        style: Of the grids.
        widest: How wide the grids may be before cells become smaller.
        text: The height of a line of text.
        letter: The width of a letter of a program.
        margin: Around all.
        concepts: How many are shown.
        bar: The length of the longest bar of a score.
    """

    style: Style = field(default_factory=Style)
    widest: int = 760
    text: int = 18
    letter: float = 7.3
    margin: int = 16
    concepts: int = 10
    bar: int = 90


CITED = "#2e7d32"
"""The colour of a concept that stands in the program."""


def picture(task: Task, row: Row, page: Page | None = None) -> str:
    """A task that is done as SVG; the tests' outputs are those that the program gave, never the hidden ones.

    Args:
        task: The task.
        row: What came of it.
        page: Sizes.
    """
    look = page or Page()
    best = row.outcome.best
    outputs = best.outputs if best is not None and best.outputs else (None,) * len(task.test)
    answered = replace(
        task, test=tuple(Pair(pair.input, output) for pair, output in zip(task.test, outputs, strict=True))
    )
    style = look.style
    grids = of_task(answered, style)
    while grids.width > look.widest and style.cell > 3:  # noqa: PLR2004  what can still be seen
        style = replace(style, cell=style.cell - 1)
        grids = of_task(answered, style)
    program = best.program.rstrip().split("\n") if best is not None else ["(no program was found)"]
    lines = list(_concepts(row, look))
    left = max(260, *(int(len(text) * look.letter) + look.bar + 24 for text, _, _ in lines), 0)
    right = int(max(map(len, program)) * look.letter)
    width = max(grids.width, left + right + 3 * look.margin)
    top = grids.height + look.text
    height = top + (max(len(lines), len(program)) + 2) * look.text + look.margin
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">',
        f"<title>ARC task {escape(task.id)}</title>",
        f'<rect width="100%" height="100%" fill="{PAPER}"/>',
        grids.svg().rstrip(),
        _text(look.margin, top, f"concepts selected for {task.id}", "sans-serif", bold=True),
        _text(left + 2 * look.margin, top, "program found", "sans-serif", bold=True),
    ]
    for number, (text, share, cited) in enumerate(lines, 1):
        y = top + number * look.text
        colour = CITED if cited else LINE
        parts.append(
            f'<rect x="{look.margin}" y="{y - 10}" width="{round(share * look.bar)}" height="10" '
            f'fill="{colour}"/>'
        )
        parts.append(_text(look.margin + look.bar + 8, y, text, "sans-serif", bold=cited))
    for number, text in enumerate(program, 1):
        parts.append(_text(left + 2 * look.margin, top + number * look.text, text, "monospace"))
    return "\n".join(parts) + "\n</svg>\n"


def _concepts(row: Row, look: Page) -> Iterator[tuple[str, float, bool]]:
    """A title, its share of the best score, and whether it stands in the program."""
    selected = row.outcome.selected
    if not selected:
        yield "(none: the memory had nothing to say)", 0.0, False
        return
    first, last = selected[0].score, min(one.score for one in selected)
    span = first - last or 1.0
    shown = selected[: look.concepts]
    cited = [one for one in selected[look.concepts :] if one.id in row.cited]
    for one in (*shown, *cited):
        yield one.title, (one.score - last) / span, one.id in row.cited
    rest = len(selected) - len(shown) - len(cited)
    if rest:
        yield f"and {rest} more", 0.0, False


def _text(x: int, y: int, text: str, font: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x}" y="{y}" font-family="{font}" font-size="12"{weight} fill="{INK}" '
        f'xml:space="preserve">{escape(text)}</text>'
    )
