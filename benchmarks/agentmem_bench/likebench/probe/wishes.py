"""How a persona wants to be answered, with the words in which it says so."""

from __future__ import annotations

from dataclasses import dataclass

from agentmem_bench.likebench.personas.content import Wording, phrases, topics
from agentmem_bench.likebench.personas.schema import Dimension, Persona

PREFERENCE: dict[Dimension, str] = {
    "length": "length",
    "formality": "formality",
    "humor": "humor",
    "emotion": "comfort",
}
"""What a persona prefers, by the dimension that rates it."""


@dataclass(frozen=True)
class Wish:
    """One wish.

    Attributes:
        dimension: What it is about.
        value: What is wished.
        topic: Of knowledge; else none.
        states: Ways to say it calmly.
        complains: Ways to react to a reply that was not so.
        opposite: Ways to wish, for once, something else.
    """

    dimension: Dimension
    value: str
    topic: str | None
    states: tuple[str, ...]
    complains: tuple[str, ...]
    opposite: tuple[str, ...] = ()


def wishes_of(persona: Persona) -> list[Wish]:
    """All wishes of a persona."""
    said, wishes = phrases(), []
    for dimension, name in PREFERENCE.items():
        value = getattr(persona.preferences, name)
        if value is not None:
            words = said.preferences[name][value]
            opposite = said.contradictions.get(name, {}).get(value, ())
            wishes.append(Wish(dimension, value, None, words.states, words.complains, opposite))
    for topic, level in persona.preferences.knowledge.items():
        words = said.preferences["knowledge"][level]
        wishes.append(_of_knowledge(topic, level, words))
    return wishes


def _of_knowledge(topic: str, level: str, words: Wording) -> Wish:
    known = topics().get(topic)
    name = known.name if known is not None else topic
    shown: tuple[str, ...] = ()
    if known is not None:
        shown = {"novice": known.beginner, "expert": known.old_hand}.get(level, ())
    states = tuple(line.format(topic=name) for line in words.states)
    complains = tuple(line.format(topic=name) for line in words.complains)
    return Wish("knowledge", level, topic, (*states, *shown), complains)
