"""How lines of a portrait, facts and standing answers are told, to people and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from agentmem.errors import InvalidInput
from agentmem.records import Record, Text, Time, Value
from agentmem.stores.profile.aspects import ASPECTS, Aspect, Name
from agentmem.stores.profile.changes import counts_in, evidence_in
from agentmem.stores.profile.drift import Piece, course, strength

if TYPE_CHECKING:
    from agentmem.cli.rendering import Cell


class Line(Value):
    """A line of the portrait, as JSON answers tell it; see `profile_answers`."""

    aspect: Text
    title: Text
    value: Text
    words: Text
    text: Text
    strength: float
    times: int
    said: int
    shown: int
    last: Time | None
    evidence: tuple[Piece, ...]
    sources: tuple[Text, ...]
    record: Text


def aspect_of(called: str) -> tuple[Name, Aspect]:
    """The aspect of a name as typed.

    Raises:
        InvalidInput: there is none.
    """
    found = next((name for name in get_args(Name) if name == called.strip().casefold()), None)
    if found is None:
        raise InvalidInput(f"there is no aspect {called!r}", f"there are: {', '.join(ASPECTS)}")
    return found, ASPECTS[found]


def line_json(record: Record) -> Line:
    """A record of the portrait, with its evidence one by one."""
    name, about = aspect_of(record.key or "")
    evidence, counts = evidence_in(record), counts_in(record)
    pieces, value = course(evidence), str(record.payload.get("value", ""))
    return Line(
        aspect=name,
        title=about.title,
        value=value,
        words=about.values.get(value, ""),
        text=record.text,
        strength=strength(pieces, value),
        times=sum(counts.values()),
        said=sum(not one.shown for one in pieces),
        shown=sum(one.shown for one in pieces),
        last=max((one.at for one in pieces), default=None),
        evidence=tuple(pieces),
        sources=record.sources,
        record=record.id,
    )


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
