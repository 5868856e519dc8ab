"""How a user writes, by what can be measured: it shows, and nobody says it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from statistics import median

from pydantic import TypeAdapter, ValidationError

from agentmem.bank.view import ApplyView, View
from agentmem.records import ChangeSet, Event, Record, Text, Value

MANNER = "manner"
"""Type and key of the record."""
KEPT = 12
"""Messages that count, the newest: so the manner follows whoever changes it."""
FEWEST = 4
"""Messages from which on it is in every context."""
OFTEN, AT_TIMES = 0.5, 0.2
"""Shares of the messages from which on a mark is told."""
SIZES = (3, 5, 8, 12, 20, 30, 50, 80, 120, 200)
"""Words of a message, as told: coarsely, so that the line, and the prompt with it, seldom change."""
SYMBOLS = 0x2600
"""Where the pictures begin among the symbols."""
_EMOTICON = re.compile(r"(?<!\w)[:;=8]['\-^]?[)(DPpO/\\|](?!\w)")
_CONTRACTION = re.compile(r"\w['’](?:s|t|re|ve|ll|d|m)\b", re.IGNORECASE)
_COURTESY = re.compile(r"\b(?:please|kindly|thank you|thanks|would you|could you|may I)\b", re.IGNORECASE)


def _emoji(text: str) -> bool:
    drawn = any(ord(one) >= SYMBOLS and unicodedata.category(one) == "So" for one in text)
    return drawn or _EMOTICON.search(text) is not None


MARKS: Mapping[str, Callable[[str], bool]] = {
    "contractions": lambda text: _CONTRACTION.search(text) is not None,
    "emoji": _emoji,
    "exclamation marks": lambda text: "!" in text,
    "a small letter at the start": lambda text: text.lstrip()[:1].islower(),
    "please and thank you": lambda text: _COURTESY.search(text) is not None,
}
"""What a message has or has not, as a line names it."""


class Measure(Value):
    """What is measured of one message.

    Attributes:
        event: Its id.
        words: How many it has.
        marks: Which of `MARKS` it has.
    """

    event: Text
    words: int
    marks: tuple[Text, ...]


_MEASURES = TypeAdapter(list[Measure])


def measured(event: Event) -> Measure:
    """A message, measured."""
    marks = tuple(name for name, has in MARKS.items() if has(event.text))
    return Measure(event=event.id, words=len(event.text.split()), marks=marks)


def line(measures: Sequence[Measure]) -> str:
    """How somebody writes, in one line; at least one measure."""
    middle = median(one.words for one in measures)
    size = min(SIZES, key=lambda size: abs(size - middle))
    share = {name: sum(name in one.marks for one in measures) / len(measures) for name in MARKS}
    told = [f"messages of about {size} words"]
    told += [f"often {name}" for name in MARKS if share[name] >= OFTEN]
    told += [f"at times {name}" for name in MARKS if AT_TIMES <= share[name] < OFTEN]
    return f"How the user writes: {', '.join(told)}"


def standing(view: View) -> Record | None:
    """The record of how the user writes; none before there is one."""
    return next((one for one in view.standing(MANNER) if one.type == MANNER), None)


def seen(event: Event, view: ApplyView) -> ChangeSet:
    """The record of how a user writes, with a further message; what somebody corrected stays as it is.

    It has the time at which its line changed last.
    """
    old = standing(view)
    before = measures_in(old) if old is not None else []
    if old is not None and (not before or old.text != line(before)):
        return ChangeSet()
    measures = [*before, measured(event)][-KEPT:]
    text = line(measures)
    record = Record(
        id=view.new_id() if old is None else old.id,
        type=MANNER,
        key=MANNER,
        text=text,
        payload={"measures": [one.model_dump(mode="json") for one in measures]},
        sources=tuple(one.event for one in measures),
        time=event.time if old is None or old.text != text else old.time,
        pinned=len(measures) >= FEWEST,
    )
    return ChangeSet(records=(record,))


def measures_in(record: Record) -> list[Measure]:
    """The measures that a record rests on, the oldest first; none where somebody else wrote it."""
    try:
        return _MEASURES.validate_python(record.payload.get("measures") or [])
    except ValidationError:
        return []
