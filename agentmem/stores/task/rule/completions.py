"""Steps that are done: which ones a sentence ends."""

from __future__ import annotations

import re

from agentmem.stores.task.operations import Complete
from agentmem.stores.task.rule.cues import has
from agentmem.stores.task.rule.naming import by_value
from agentmem.stores.task.rule.phrases import Segment
from agentmem.stores.task.rule.reading import Piece, Reading
from agentmem.stores.task.rule.world import Live

UNDONE = re.compile(
    r"\b(?:veto\w*|refus\w*|cancel\w*|taken|moved|chang\w+|closed|broke\w*|withdrawn|sold|lost|delayed|"
    r"postponed|gone|wrong|missing|"
    r"full|ill|sick|off|stuck|stolen|called off|decided|settled on|fixed|undecided|open|worried|used to)\b"
)
PASSIVE = re.compile(
    r"^(?!i\b|we\b|it\b|that\b|he\b|she\b)(?:\S+ ){0,4}?\S+(?: is| are|'s|'re| has been| have been|"
    r"'ve been) (?:\w+ ){0,2}?\w+(?:ed|en|t|de|ne|pt|ld|wn|ng)\b"
)
SHORT = 2
"""Words of a segment that only says that something is done."""
SURE, CERTAIN = 0.6, 0.75


def read(reading: Reading, piece: Piece, used: set[int]) -> None:
    """Read the segments that say that a step is done."""
    for place, segment in enumerate(piece.segments):
        if place in used or segment.is_reason or has("done_not", segment.low):
            continue
        if has("done", segment.low) and not _changes(segment):
            slot = _target(reading, segment) or _earlier_target(reading, piece, place, used)
            if slot is not None:
                _done(reading, slot, piece.text, used, place)
            elif (
                re.search(r"\b(?:that|it|this|one)\b|^(?:all )?done", segment.low)
                or len(segment.words) <= SHORT
            ):
                last = reading.last()
                if last is not None:
                    _done(reading, last, piece.text, used, place)
    for place, segment in enumerate(piece.segments):
        if place not in used and not segment.is_reason and _results(piece, segment):
            slot = _target(reading, segment)
            if (
                slot is not None
                and slot.value is not None
                and not slot.is_done
                and not _says_value(segment, slot)
            ):
                _done(reading, slot, piece.text, used, place)


def _changes(segment: Segment) -> bool:
    return re.search(r"\b(?:to|into|instead|for)\b (?:the )?\d", segment.low) is not None


def _results(piece: Piece, segment: Segment) -> bool:
    """Whether a segment tells that something has been made so: a perfect or passive, nothing undone."""
    low = segment.low
    if UNDONE.search(low) or has("done_not", low) or has("rollback_strong", low) or has("depend", low):
        return False
    passive = PASSIVE.search(low) is not None and piece.shares.get("none", 0.0) < SURE
    if piece.shares.get("done", 0.0) < SURE and not (
        passive and any(word.tag == "VBN" for word in segment.words)
    ):
        return False
    if piece.shares.get("done", 0.0) >= CERTAIN:
        return True
    tags = [word.tag for word in segment.words]
    finite = any(tag in {"VBZ", "VBP", "VBD"} for tag in tags)
    return (
        "VBN" in tags
        or "VBD" in tags
        or (finite and re.search(r"\b(?:ready|over|up|in|through|away)\b", low) is not None)
    )


def _says_value(segment: Segment, slot: Live) -> bool:
    """Whether a segment, beside naming the slot, says another value for it."""
    held = by_value(segment.words, slot.value or "")
    return any(
        word.tag == "CD" and place not in held and word.low != "one"
        for place, word in enumerate(segment.words)
    )


def _target(reading: Reading, segment: Segment) -> Live | None:
    """The slot that a segment names, by its title or by what it is settled to."""
    named = reading.named(segment.words)
    for slot in reading.holding(segment.words):
        named[slot.id] = named.get(slot.id, 0.0) + 0.8
    standing = {one: strength for one, strength in named.items() if not reading.world.slots[one].is_done}
    if not standing:
        return None
    return reading.world.slots[
        max(standing, key=lambda one: (standing[one], -reading.world.slots[one].recency))
    ]


def _earlier_target(reading: Reading, piece: Piece, place: int, used: set[int]) -> Live | None:
    """What the segments before it in the sentence are about, the nearest first."""
    for back in range(place - 1, -1, -1):
        slot = _target(reading, piece.segments[back]) if back not in used else None
        if slot is not None:
            used.add(back)
            return slot
    return None


def _done(reading: Reading, slot: Live, text: str, used: set[int], place: int) -> None:
    used.add(place)
    if slot.is_done:
        return
    reading.add("update", text, [Complete(node=slot.id)])
    slot.is_done = True
