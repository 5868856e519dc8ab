"""How lines of a portrait, facts and standing answers are told to people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentmem.records import Record
from agentmem.stores.profile.lines import Line, aspect_of

if TYPE_CHECKING:
    from agentmem.cli.rendering import Cell


def line_row(line: Line) -> list[Cell]:
    """A line of the portrait as a row: numbers, and under the text where it is from."""
    return [
        line.aspect,
        line.value or "-",
        f"{line.strength:.2f}",
        str(line.times),
        str(line.said),
        str(line.shown),
        "-" if line.last is None else f"{line.last:%Y-%m-%d}",
        [line.text, f"{line.record}, from {', '.join(line.sources)}"],
    ]


def fact_row(record: Record) -> list[Cell]:
    """A fact as a row."""
    from agentmem.cli.describing import marks, short, stamp

    _, about = aspect_of(str(record.payload.get("aspect")))
    told = [f"{short(record.text)}{marks(record)}", f"{record.id}, from {', '.join(record.sources)}"]
    return [stamp(record.time), about.title.lower(), told]


def answer_row(record: Record) -> list[Cell]:
    """A standing question as a row: on how many records it rests, and under it the lines of its answer."""
    items = record.payload.get("items")
    count = len(items) if isinstance(items, list) else 0
    told = [str(record.payload.get("question")), *(record.text.splitlines() or ["nothing is known"])]
    return [str(count), [*told, f"{record.id}, from {', '.join(record.sources)}"]]
