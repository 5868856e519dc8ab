"""A line of the portrait with all that it rests on, as it is told."""

from __future__ import annotations

from typing import get_args

from agentmem.errors import InvalidInput
from agentmem.records import Record, Text, Time, Value
from agentmem.stores.profile.aspects import ASPECTS, Aspect, Name
from agentmem.stores.profile.changes import counts_in, evidence_in
from agentmem.stores.profile.drift import Piece, course, strength


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


def line_of(record: Record) -> Line:
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
