"""What a sentence links: a step to what it depends on, or to another undertaking that shares it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agentmem.stores.task.operations import Depend, Merge
from agentmem.stores.task.rule.additions import add
from agentmem.stores.task.rule.cues import has
from agentmem.stores.task.rule.dependencies import Stated
from agentmem.stores.task.rule.naming import by_title
from agentmem.stores.task.rule.phrases import phrases
from agentmem.stores.task.rule.reading import Piece, Reading
from agentmem.stores.task.rule.titles import first_title
from agentmem.stores.task.rule.words import Word, span
from agentmem.stores.task.rule.world import Live
from agentmem.stores.task.trim import Subtask

NEAR_ON, NEAR_NODE, SURELY = 0.3, 0.4, 0.6
"""Least cosines at which words name what is depended on, what depends, and that where it may be new."""
SHARES, MAY_SHARE, SURELY_NAMED = 0.6, 0.4, 0.9
"""Least probabilities of sharing without a cue and with one; least strength of a name that needs none."""


def both_known(reading: Reading, piece: Piece, dependency: Stated) -> bool:
    """Whether a weak cue is borne out by two slots that are named."""
    if not dependency.weak:
        return True
    node = reading.named(_words(piece, dependency.node)) if dependency.node else {"": 1.0}
    on = reading.named(_words(piece, dependency.on)) if dependency.on else {}
    return bool(on) and (bool(node) or has("new", piece.low))


def _words(piece: Piece, part: str) -> list[Word]:
    start = piece.low.find(part)
    if start < 0:
        first = part.split("  ", maxsplit=1)[0]
        start = max(piece.low.find(first), 0)
    begin = piece.words[0].start + start
    return [word for word in piece.words if begin <= word.start < begin + len(part)]


def depend(reading: Reading, piece: Piece, dependency: Stated) -> None:
    """Read a dependency; what depends may be a new step."""
    on = (
        _ground(reading, piece, dependency.on, (), NEAR_ON, bool(dependency.node))
        if dependency.on
        else reading.last()
    )
    apart = () if on is None else (on.id,)
    fresh = [reading.world.slots[one] for one in reading.touched if one in reading.world.slots]
    fresh = [slot for slot in fresh if slot.is_new and slot is not on]
    node: Live | None = None
    if dependency.node:
        node = _ground(
            reading, piece, dependency.node, apart, NEAR_NODE if dependency.on and not fresh else SURELY
        )
        if node is None and fresh and dependency.on:
            node = fresh[-1]
        if node is None and on is not None:
            title = next(iter(first_title(_words(piece, dependency.node), reading.text)), None)
            node = None if title is None else add(reading, title, piece.text)
    else:
        last = reading.last()
        node = last if last is not on else None
    operations = (
        [Depend(node=node.id, on=(on.id,))] if node is not None and on is not None and node is not on else []
    )
    if operations and node is not None and on is not None:
        node.depends_on.append(on.id)
    reading.found.append(Subtask(intent="depend", text=piece.text, operations=tuple(operations)))


def _ground(
    reading: Reading,
    piece: Piece,
    part: str,
    apart_from: Sequence[str],
    floor: float,
    dependent: bool = False,
) -> Live | None:
    """The slot that a stretch of a sentence names, by words first, then by the meaning of the whole."""
    words = _words(piece, part)
    slots = [slot for slot in reading.world.steps if slot.id not in apart_from]
    older = [slot for slot in slots if not slot.is_new] if dependent else slots
    named = {naming.slot: naming.strength for naming in by_title(words, slots, reading.policy)}
    if not named:
        known = {slot.id for slot in older}
        named = {one: strength for one, strength in reading.named(words, 0.45).items() if one in known}
    if not named:
        text = span(words, reading.text)
        reading.meanings.learn([text])
        near = {slot.id: reading.near(text, slot.title) for slot in older}
        named = {one: cosine for one, cosine in near.items() if cosine >= floor}
        for slot in reading.holding(words):
            if slot.id not in apart_from:
                named[slot.id] = max(named.get(slot.id, 0.0), 0.5)
    if not named:
        return None
    return reading.world.slots[max(named, key=lambda one: named[one])]


def share(reading: Reading, piece: Piece, following: Sequence[Piece]) -> bool:
    """Read a step that another undertaking shares."""
    low = piece.low
    apart = has("depend", low) or has("new", low)
    sharing = has("merge", low) or (piece.shares.get("merge", 0.0) >= SHARES and not apart)
    other = has("other", low)
    named = reading.named(piece.words)
    own = re.match(r"(?:we|i|it|there|which|what|how|who|where|when)\b", low)
    if other and not sharing and own is None and named and not has("depend", low):
        sharing = (bool(following) and has("merge", following[0].low)) or max(named.values()) >= SURELY_NAMED
    if not sharing or (not other and piece.shares.get("merge", 0.0) < MAY_SHARE):
        return False
    if not named:
        last = reading.last()
        if last is None:
            return False
        named = {last.id: 1.0}
    best = max(named, key=lambda one: named[one])
    subject = next((phrase for phrase in phrases(piece.words) if not phrase.is_pronoun), None)
    shared = "" if subject is None else span(subject.words, reading.text)
    reading.add("merge", piece.text, [Merge(node=best, shared_with=shared)] if shared else ())
    return True
