"""The slots as they stand while an utterance is read: each operation shows its effect to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from agentmem.stores.task.node import Status
from agentmem.stores.task.rule.words import Word, stem
from agentmem.stores.task.trim import Slot

REMEMBERED = 4_096
"""Texts whose stems are remembered: an utterance asks for those of the same words again and again."""
EMPTY_WORDS = {
    "a",
    "an",
    "the",
    "of",
    "for",
    "to",
    "in",
    "on",
    "at",
    "by",
    "and",
    "or",
    "is",
    "are",
    "be",
    "we",
    "i",
    "you",
    "it",
    "they",
    "he",
    "she",
    "my",
    "our",
    "your",
    "his",
    "her",
    "their",
    "this",
    "that",
    "how",
    "many",
    "much",
    "what",
    "which",
    "who",
    "whose",
    "when",
    "where",
    "why",
    "do",
    "does",
    "did",
    "will",
    "would",
    "can",
    "could",
    "should",
    "get",
    "gets",
    "got",
    "have",
    "has",
    "had",
    "need",
    "needs",
    "number",
    "amount",
    "count",
    "quantity",
    "kind",
    "type",
    "sort",
    "there",
    "all",
    "with",
    "as",
    "from",
    "someone",
    "somebody",
    "one",
    "some",
    "any",
    "s",
}
"""Words of a title that do not tell it from others."""


@dataclass
class Live:
    """A slot with what is known of it by now."""

    id: str
    title: str
    kind: str = "step"
    value: str | None = None
    past: list[str] = field(default_factory=list)
    previous: str | None = None
    is_stale: bool = False
    is_done: bool = False
    is_active: bool = False
    depends_on: list[str] = field(default_factory=list)
    parents: tuple[str, ...] = ()
    recency: int = 0
    asked: int | None = None
    is_new: bool = False
    is_fresh: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The stems that tell its title from others, in order."""
        return title_stems(self.title)

    def set(self, value: str) -> None:
        """Give it a value, and keep the one before."""
        if self.value is not None and self.value != value:
            self.past = [one for one in self.past if one != self.value] + [self.value]
            self.previous = self.value
        self.past = [one for one in self.past if one != value]
        self.value = value
        self.is_stale = False
        self.is_fresh = True


class World:
    """All live slots, by id, in the order that they came."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self.slots = {
            slot.id: Live(
                id=slot.id,
                title=slot.slot,
                kind=slot.kind,
                value=slot.value,
                past=list(slot.past),
                previous=slot.previous,
                is_stale=slot.is_stale,
                is_done=slot.status == Status.DONE,
                is_active=slot.is_active,
                depends_on=list(slot.depends_on),
                parents=slot.parents,
                recency=slot.recency,
                asked=slot.asked,
            )
            for slot in slots
        }

    @property
    def steps(self) -> list[Live]:
        """Those that can have a value."""
        return [slot for slot in self.slots.values() if slot.kind == "step"]

    @property
    def tasks(self) -> list[Live]:
        """The undertakings."""
        return [slot for slot in self.slots.values() if slot.kind == "task"]

    def settle(self, slot: Live, value: str) -> None:
        """Give `slot` a value, and mark what depends on it as stale."""
        slot.set(value)
        for other in self.steps:
            other.recency += 1
        slot.recency = 0
        waiting = [slot.id]
        while waiting:
            source = waiting.pop()
            for other in self.steps:
                if source in other.depends_on and other.id != slot.id and not other.is_stale:
                    other.is_stale = other.value is not None
                    waiting.append(other.id)


@lru_cache(REMEMBERED)
def title_stems(title: str) -> tuple[str, ...]:
    """The stems of a title's telling words; all of them where none tells."""
    words = _parts(title)
    telling = [word for word in words if word not in EMPTY_WORDS]
    return tuple(map(stem, telling or words))


def word_stems(word: Word) -> tuple[str, ...]:
    """The stems that a word of an utterance may match: its own, and those of its parts."""
    return _stems(word.low)


@lru_cache(REMEMBERED)
def _stems(text: str) -> tuple[str, ...]:
    return tuple(map(stem, _parts(text)))


def _parts(text: str) -> list[str]:
    """The words of a text in lower case, without marks and the 's of possession."""
    parts = "".join(c if c.isalnum() or c == "'" else " " for c in text.lower()).split()
    return [bare for part in parts if (bare := part.removesuffix("'s"))]
