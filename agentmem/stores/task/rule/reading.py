"""What all readers of one utterance share: words, slots as they stand, vectors, and what was read so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agentmem.stores.task.operations import Operation
from agentmem.stores.task.rule.meaning import Meanings
from agentmem.stores.task.rule.naming import by_title, by_value, kin
from agentmem.stores.task.rule.phrases import Phrase, Segment, body, phrases, plain, segments
from agentmem.stores.task.rule.policy import RulePolicy
from agentmem.stores.task.rule.words import Sentence, Word, span
from agentmem.stores.task.rule.world import Live, World
from agentmem.stores.task.trim import Intent, Subtask

INDEFINITE = {"a", "an", "some", "another", "any"}


@dataclass(frozen=True)
class Piece:
    """A sentence, prepared.

    Attributes:
        sentence: As said.
        words: Without what opens it and the mark that ends it.
        text: What `words` say.
        segments: Of `words`.
        opened: What opens it, in lower case.
        shares: The classifier's probabilities.
    """

    sentence: Sentence
    words: Sentence
    text: str
    segments: tuple[Segment, ...]
    opened: str
    shares: Mapping[str, float]

    @property
    def low(self) -> str:
        """Its text in lower case, with straight apostrophes."""
        return plain(self.text)


@dataclass
class Reading:
    """One utterance while it is read."""

    text: str
    world: World
    meanings: Meanings
    policy: RulePolicy
    found: list[Subtask] = field(default_factory=list)
    before: list[Phrase] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)
    has_asked: bool = False
    handles: int = 0
    topic: dict[str, float] = field(default_factory=dict)
    sentence: Sentence = ()
    pending: Operation | None = None

    def add(self, intent: Intent, text: str, operations: Sequence[Operation] = ()) -> None:
        """Note a subtask."""
        self.found.append(Subtask(intent=intent, text=text, operations=tuple(operations)))
        for operation in operations:
            ids = operation.ids()
            if ids:
                self.touched.append(ids[0])

    def near(self, one: str, other: str) -> float:
        """The cosine of two texts that have vectors, else 0."""
        return self.meanings.near(one, other)

    def named(self, words: Sequence[Word], floor: float | None = None) -> dict[str, float]:
        """How strongly `words` name each slot, by its title's words, else by the meaning of their phrases."""
        slots = self.world.steps
        found = {naming.slot: naming.strength for naming in by_title(words, slots, self.policy)}
        floor = self.policy.near if floor is None else floor
        for phrase in phrases(words):
            said = key(phrase, self.text)
            near = {slot.id: self.near(said, slot.title) for slot in slots}
            for one, cosine in near.items():
                if cosine >= floor and cosine >= max(near.values()) - 0.05:
                    found[one] = max(found.get(one, 0.0), cosine)
        return found

    def places(self, words: Sequence[Word]) -> frozenset[int]:
        """Places of `words` that are titles of slots, by word or by meaning."""
        found: set[int] = set()
        for naming in by_title(words, self.world.steps, self.policy):
            found |= naming.places
        for phrase in phrases(words):
            said = key(phrase, self.text)
            own = set(range(phrase.place, phrase.place + len(phrase.words)))
            if any(word.tag in {"CD", "NNP"} for word in phrase.words) or phrase.words[0].low in INDEFINITE:
                continue
            if own & found:
                continue
            if any(self.near(said, slot.title) >= self.policy.near + 0.1 for slot in self.world.steps):
                found |= set(range(phrase.place, phrase.place + len(phrase.words)))
        return frozenset(found)

    def acting(self, words: Sequence[Word]) -> frozenset[Word]:
        """Those of `words` that are verbs of a title that asks who: "presents" for "who presents"."""
        asking = [
            slot for slot in self.world.steps if slot.title.lower().startswith(("who", "someone", "somebody"))
        ]
        places = {place for naming in by_title(words, asking, self.policy) for place in naming.places}
        return frozenset(words[place] for place in places)

    def is_title(self, phrase: Phrase) -> bool:
        """Whether a phrase only says the title of a slot."""
        telling = {place for place, word in enumerate(phrase.words) if word.tag not in {"DT", "PRP$", "PDT"}}
        return any(
            telling <= naming.places for naming in by_title(phrase.words, self.world.steps, self.policy)
        )

    def holding(self, words: Sequence[Word]) -> list[Live]:
        """Slots whose present value is said in `words`."""
        return [slot for slot in self.world.steps if slot.value is not None and by_value(words, slot.value)]

    def had(self, words: Sequence[Word]) -> list[tuple[Live, str]]:
        """Slots with an earlier value that is said in `words`, the value last had first."""
        return [
            (slot, value)
            for slot in self.world.steps
            for value in reversed(slot.past)
            if by_value(words, value)
        ]

    def last(self) -> Live | None:
        """The slot that was touched last in this utterance, else the one changed last."""
        for one in reversed(self.touched):
            if one in self.world.slots and self.world.slots[one].kind == "step":
                return self.world.slots[one]
        steps = sorted(self.world.steps, key=lambda slot: slot.recency)
        return steps[0] if steps else None


def key(phrase: Phrase, text: str) -> str:
    """The text of a phrase without what only determines it, whose vector tells its meaning."""
    words = list(phrase.words)
    while len(words) > 1 and words[0].tag in {"DT", "PRP$", "PDT"}:
        words = words[1:]
    return plain(span(words, text))


def prepared(sentence: Sentence, text: str, shares: Mapping[str, float]) -> Piece:
    """A sentence, ready to be read."""
    words = body(sentence, text)
    opened = plain(text[sentence[0].start : words[0].start]) if words else ""
    return Piece(sentence, words, span(words, text), tuple(segments(words, text)), opened, shares)


__all__ = ["Piece", "Reading", "key", "kin", "prepared"]
