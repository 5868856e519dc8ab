"""An assistant of fixed rules: what tells its replies apart is what a memory brought to the context."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

from agentmem_bench.likebench.personas.content import Topic, replies, topics
from agentmem_bench.likebench.probe.evidence import (
    Evidence,
    called_to_mind,
    is_small_talk,
    mood_of,
    own_word,
    read,
    topic_of,
)
from agentmem_bench.likebench.probe.text import contracted, occurring, sentences, words

Nearest = Callable[[str, Sequence[str]], tuple[int, float]]
"""Of some sentences the place of the one that is nearest to a message, and its cosine."""
AIM = {"brief": 14, "medium": 46, "full": 106}
"""Words after which a reply of a length is long enough."""
MOST = {"brief": 28, "medium": 62, "full": 180}
"""Words that a reply of a length does not pass."""
NEAR = 0.25
"""A remark of the user's that is at least so near to the message is brought back."""
USUAL_LENGTH, USUAL_DEPTH = "medium", "familiar"
"""What is answered where nothing is known."""


class ProbeAssistant:
    """Answers from a context.

    Args:
        nearest: Compares a message with what the user said before.
    """

    def __init__(self, nearest: Nearest) -> None:
        self._nearest = nearest

    def reply(self, context: str, message: str) -> str:
        """What is answered to a message, given what a memory brought to it."""
        known = read(context)
        choice = _Choice(message)
        length = known.wishes.get("length", USUAL_LENGTH)
        if mood_of(message):
            said = [choice.of(_comfort(known))]
        else:
            said = self._body(known, message, choice, length)
        return _voiced(" ".join(said), known.wishes.get("formality"), choice)

    def _body(self, known: Evidence, message: str, choice: _Choice, length: str) -> list[str]:
        said: list[str] = []
        quoted: list[str] = []
        topic, word = topic_of(message), own_word(message)
        if word is not None:
            meaning = known.meanings.get(word.lower())
            said.append(f"This is about {meaning}." if meaning else "Tell me what you mean by that.")
        elif topic is None and (brought := self._brought_back(known, message)):
            quoted = [f"It brings back what you told me: {brought}"]
        jests = replies().jests.get(known.wishes.get("humor", ""))
        jest = [choice.of(jests)] if jests else []
        first, more = _advice(topic, known, choice) if topic is not None else ([], [])
        said += first or ([] if said else [choice.of(replies().acknowledgements)])
        count = _count([*said, *jest])
        for sentence in (*more, *choice.all(replies().fillers)):
            if count >= AIM[length] or count + _count([sentence]) > MOST[length]:
                break
            said.append(sentence)
            count += _count([sentence])
        return [*quoted, *said, *jest]

    def _brought_back(self, known: Evidence, message: str) -> str | None:
        """The user's remark that a message calls to mind: known by its kind, or near enough."""
        own = set(sentences(message))
        remarks = [remark for remark in known.remarks if remark not in own]
        if found := called_to_mind(message, remarks):
            return found
        if not remarks or is_small_talk(message):
            return None
        place, cosine = self._nearest(message, remarks)
        return remarks[place] if cosine >= NEAR else None


class _Choice:
    """Choices among wordings that depend on the message alone."""

    def __init__(self, message: str) -> None:
        self._number = int.from_bytes(sha256(message.encode()).digest()[:4], "big")

    def of(self, lines: Sequence[str]) -> str:
        return lines[self._number % len(lines)]

    def all(self, lines: Sequence[str]) -> Iterator[str]:
        start = self._number % len(lines)
        yield from (*lines[start:], *lines[:start])


def _comfort(known: Evidence) -> Sequence[str]:
    """The way of comfort that is wished; where none is known, no way in particular."""
    return replies().comfort.get(known.wishes.get("emotion", ""), replies().acknowledgements)


def _advice(name: str, known: Evidence, choice: _Choice) -> tuple[list[str], list[str]]:
    """The sentence that answers, and those that go on, at the depth that is known to fit."""
    topic: Topic = topics()[name]
    depth = known.knowledge.get(name, USUAL_DEPTH)
    lines: Sequence[str] = getattr(topic.answers, depth)
    first = choice.of(lines[:2])
    rest = [line for line in lines if line != first]
    if depth == "familiar":  # one term at most
        rest = [line for line in rest if not occurring(topic.terms, line)]
    return [first], [*rest, *choice.all(topic.more)]


def _voiced(text: str, formality: str | None, choice: _Choice) -> str:
    """The same in a register."""
    if formality == "casual":
        return contracted(
            f"{choice.of(replies().casual.openers)}, {choice.of(replies().casual.tags)}. {text}"
        )
    if formality == "formal":
        return f"{choice.of(replies().formal.openers)}, {choice.of(replies().formal.tags)}. {text}"
    return text


def _count(said: Sequence[str]) -> int:
    return sum(len(words(one)) for one in said)
