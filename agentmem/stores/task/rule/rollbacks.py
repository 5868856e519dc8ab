"""Going back to an earlier value: which slot, and which of its values."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agentmem.stores.task.operations import Rollback
from agentmem.stores.task.rule.cues import has
from agentmem.stores.task.rule.naming import by_title, by_value
from agentmem.stores.task.rule.phrases import Segment, phrases
from agentmem.stores.task.rule.reading import Piece, Reading
from agentmem.stores.task.rule.words import FINITE, Word
from agentmem.stores.task.rule.world import Live

FIRST = re.compile(
    r"\b(?:first|originally?|initial(?:ly)?|at the (?:start|outset|beginning)|in the beginning|"
    r"to (?:begin|start) with|very first|square one|plan a)\b"
)
LOWER = re.compile(r"\b(?:lower|smaller|little|small|cheaper|shorter|less|fewer|earlier|down)\b")
HIGHER = re.compile(r"\b(?:higher|bigger|big|larger|longer|more|later|up)\b")
SHORT = 3
"""Words of a segment that goes with the one before it, whatever its form."""
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def cue(segment: Segment) -> str:
    """`strong`, `weak` or nothing: how plainly a segment speaks of going back."""
    if segment.is_reason:
        return ""
    if has("rollback_strong", segment.low):
        return "strong"
    return "weak" if has("rollback_weak", segment.low) else ""


def read(reading: Reading, piece: Piece, used: set[int]) -> None:
    """Read the segments of a sentence that go back, and those that go with them."""
    going = False
    reading.sentence = piece.words
    for place, segment in enumerate(piece.segments):
        if place in used:
            continue
        how = cue(segment)
        ahead = place + 1 < len(piece.segments) and _announced(piece.segments[place + 1])
        if not how and ahead:
            how = "weak"
        follows = going and (
            segment.link in {"and", "but", "plus"} or not segment.is_clause or len(segment.words) <= SHORT
        )
        taken = _target(reading, segment, how, follows)
        if taken is None and how and place and segment.words[0].tag in FINITE:
            taken = _target(reading, piece.segments[place - 1], how, follows)
        if taken is None:
            if how == "strong" and not _new_value(segment) and any(slot.past for slot in reading.world.steps):
                used.add(place)
            continue
        going = True
        used.add(place)
        if ahead:
            used.add(place + 1)
        for slot, value in taken:
            _back(reading, slot, value, segment.text)


def _announced(segment: Segment) -> bool:
    """Whether a segment only says that the one before it goes back: "three rooms, like before"."""
    named = [phrase for phrase in phrases(segment.words) if not phrase.is_pronoun]
    return not named and has("rollback_strong", segment.low)


def _target(reading: Reading, segment: Segment, how: str, going: bool) -> list[tuple[Live, str]] | None:
    """The slots that go back, each with its earlier value; none where the segment goes nowhere."""
    words = segment.words
    had = reading.had(words)
    told = _told(reading, words)
    slots = reading.world.slots
    named = {one: told[one] for one in told if slots[one].past and not slots[one].is_fresh}
    if how and not had and not named and any(word.tag == "PRP" for word in words):
        had = reading.had([word for phrase in reading.before for word in phrase.words])
    if had and (how or going):
        best = max(had, key=lambda pair: _weight(reading, words, pair, named))
        also = [slots[one] for one in named if one != best[0].id and how == "strong"]
        return [best, *((slot, _earlier(slot, segment)) for slot in also if _as_it_was(slot, segment))]
    if named and (how == "strong" or going):
        top = max(named.values())
        chosen = [reading.world.slots[one] for one, strength in named.items() if strength >= top - 0.01]
        best_slot = min(chosen, key=lambda slot: slot.recency)
        return [(best_slot, _earlier(best_slot, segment))]
    if how == "strong" and not told and not _new_value(segment):
        changed = [slot for slot in reading.world.steps if slot.past and slot.id not in reading.touched]
        compared = [slot for slot in changed if _compares(slot, segment)]
        if compared or changed:
            slot = _likeliest(reading, compared or changed, segment)
            return [(slot, _earlier(slot, segment))]
    return None


def _as_it_was(slot: Live, segment: Segment) -> bool:
    """Whether a segment names the slot with a word for what was: "the original one"."""
    match = re.search(r"\b(?:original|initial|previous|former|earlier|old|first)\b(?P<rest>.*)", segment.low)
    return match is not None and any(one in match.group("rest") for one in slot.title.lower().split())


def _told(reading: Reading, words: Sequence[Word]) -> dict[str, float]:
    """Slots that are named by title, or by the value that is to go."""
    named = reading.named(words)
    for slot in reading.holding(words):
        named.setdefault(slot.id, 0.5)
    return named


def _weight(
    reading: Reading, words: Sequence[Word], pair: tuple[Live, str], named: dict[str, float]
) -> tuple[float, int, float]:
    slot, value = pair
    apart = [word for word in reading.sentence if word not in words]
    elsewhere = slot.id in {naming.slot for naming in by_title(apart, [slot], reading.policy)}
    return (named.get(slot.id, 0.0) - elsewhere, len(by_value(words, value)), -slot.recency)


def _likeliest(reading: Reading, slots: Sequence[Live], segment: Segment) -> Live:
    def likeness(slot: Live) -> float:
        near = max((reading.near(_said(p), slot.title) for p in phrases(segment.words)), default=0.0)
        return near + 0.5 * slot.is_stale + 1.0 / (1 + slot.recency)

    return max(slots, key=likeness)


def _said(phrase: object) -> str:
    return " ".join(word.low for word in phrase.words)  # type: ignore[attr-defined]


def _new_value(segment: Segment) -> bool:
    """Whether a segment says a value of its own, a number or a name."""
    return any(word.tag in {"CD", "NNP"} and word.low != "one" for word in segment.words[1:])


def _earlier(slot: Live, segment: Segment) -> str:
    """The earlier value that a segment means: the first, the lower, the higher, else the one before."""
    if FIRST.search(segment.low):
        return slot.past[0]
    current = _number(slot.value or "")
    numbers = [(value, number) for value in slot.past if (number := _number(value)) is not None]
    if current is not None and LOWER.search(segment.low):
        less = [value for value, number in numbers if number < current]
        if less:
            return less[-1]
    if current is not None and HIGHER.search(segment.low):
        more = [value for value, number in numbers if number > current]
        if more:
            return more[-1]
    return slot.previous if slot.previous in slot.past and slot.previous is not None else slot.past[-1]


def _compares(slot: Live, segment: Segment) -> bool:
    """Whether a segment speaks of more or less, and the slot's values are numbers."""
    compares = re.search(
        r"\b(?:lower|higher|smaller|bigger|cheaper|larger|shorter|longer|figure|number|"
        r"amount)\b",
        segment.low,
    )
    return compares is not None and any(_number(value) is not None for value in slot.past)


def _number(value: str) -> float | None:
    match = NUMBER.search(value)
    return float(match.group().replace(",", "")) if match else None


def _back(reading: Reading, slot: Live, value: str, text: str) -> None:
    reading.add("rollback", text, [Rollback(node=slot.id, to=value)])
    reading.world.settle(slot, value)
