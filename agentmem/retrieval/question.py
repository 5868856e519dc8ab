"""What a question says beside its words: whom it names, and when."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Question:
    """A question taken apart.

    Attributes:
        text: As it was asked.
        topic: Without the names of those who speak in this memory: they have a step of their own.
        named: Codes of the actors that it names.
    """

    text: str
    topic: str
    named: tuple[int, ...]


def take_apart(
    text: str, actors: Mapping[int, str], aliases: Mapping[str, Sequence[str]] | None = None
) -> Question:
    """Find the actors that `text` names, by their whole name, its first word, or an alias that was given.

    Args:
        text: The question.
        actors: Names of actors by code; those that share no word with the question may be left out.
        aliases: Further names by actor.
    """
    named: list[int] = []
    said: set[str] = set()
    for code, actor in actors.items():
        names = [actor, actor.split()[0], *(aliases or {}).get(actor, ())] if actor.split() else []
        found = [name for name in names if re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE)]
        if found:
            named.append(code)
        said.update(found)
    topic = text
    for name in sorted(said, key=lambda name: (-len(name), name)):  # "Ann Lee" before "Ann"
        topic = re.sub(rf"\b{re.escape(name)}\b(?:['’]s\b)?", " ", topic, flags=re.IGNORECASE)
    return Question(text, topic if _WORD.search(topic) else text, tuple(named))
