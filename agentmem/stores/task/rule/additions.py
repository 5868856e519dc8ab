"""New steps, and the undertaking that they hang under."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agentmem.stores.task.operations import Add, Operation
from agentmem.stores.task.rule.naming import by_title
from agentmem.stores.task.rule.phrases import phrases
from agentmem.stores.task.rule.reading import INDEFINITE, Piece, Reading
from agentmem.stores.task.rule.titles import first_title, meant, titles
from agentmem.stores.task.rule.words import span
from agentmem.stores.task.rule.world import Live, title_stems
from agentmem.stores.task.trim import Subtask

ADDS = 0.6
"""Least probability at which a sentence without a cue adds a step."""
SAYS_VALUE = re.compile(r"\b(?:it|that|this|he|she|they)(?:'s| is|'re| are| was| will|'ll)\b")


def begin(reading: Reading, piece: Piece) -> None:
    """A root for the undertaking that a sentence names."""
    said = [phrase for phrase in phrases(piece.words) if not phrase.is_pronoun]
    if not said or any(task.title for task in reading.world.tasks):
        return
    title = span(said[0].words, reading.text)
    handle = f"n{reading.handles}"
    reading.handles += 1
    reading.world.slots[handle] = Live(id=handle, title=title, kind="task", is_new=True)
    reading.pending = Add(slot=title, kind="task", goal=piece.text, handle=handle)


def _adds(reading: Reading, piece: Piece) -> bool:
    """Whether a fragment adds a step by its form alone: "Oh, and a …", "Also a …", "Pots, too"."""
    if not piece.segments:
        return False
    first = piece.segments[0]
    bare = not first.is_clause and len(first.words) <= 4  # noqa: PLR2004 - a short phrase
    unnamed = not by_title(first.words, reading.world.steps, reading.policy)
    if bare and unnamed and re.search(r"\b(?:too|as well)$", piece.low) is not None:
        return not reading.had(first.words) and not reading.holding(first.words)
    if re.search(r"\b(?:and|also|plus)\b", piece.opened) is None or piece.words[0].low not in INDEFINITE:
        return False
    shares = piece.shares
    other = sum(shares.get(intent, 0.0) for intent in ("new", "depend", "merge"))
    return unnamed and other >= shares.get("update", 0.0)


def read(reading: Reading, piece: Piece, known: Sequence[str]) -> None:
    """Add the steps that a sentence names; `known` are their titles where they were found before."""
    found = list(known) or titles(piece.words, reading.text)
    if not found and _adds(reading, piece):
        found = first_title(piece.words, reading.text)
    if (
        not found
        and piece.shares.get("new", 0.0) >= ADDS
        and not SAYS_VALUE.search(piece.low)
        and not reading.named(piece.words)
    ):
        found = meant(piece.words, reading.text)
    for title in found:
        if not _exists(reading, title):
            add(reading, title, piece.text)


def _exists(reading: Reading, title: str) -> bool:
    """Whether a step has that title, or one that says more."""
    stems = set(title_stems(title))
    return any(set(slot.words) == stems or stems < set(slot.words) for slot in reading.world.steps)


def add(reading: Reading, title: str, text: str) -> Live:
    """Add an open step under the undertaking that was worked on last."""
    handle = f"n{reading.handles}"
    reading.handles += 1
    operations: list[Operation] = []
    if reading.pending is not None:
        operations.append(reading.pending)
        reading.pending = None
    tasks = sorted(reading.world.tasks, key=lambda task: task.recency)
    parents = (tasks[0].id,) if tasks else ()
    operations.append(Add(slot=title, parents=parents, handle=handle))
    slot = Live(id=handle, title=title, is_new=True, parents=parents)
    for other in reading.world.steps:
        other.recency += 1
    reading.world.slots[handle] = slot
    reading.found.append(Subtask(intent="new", text=text, operations=tuple(operations)))
    reading.touched.append(handle)
    reading.meanings.learn([title])
    return slot
