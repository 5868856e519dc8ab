"""A rater without a model: what a persona would say of a reply, measured on its words, by fixed rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agentmem_bench.likebench.personas.content import replies, topics
from agentmem_bench.likebench.personas.schema import DIMENSIONS, Dimension, Persona
from agentmem_bench.likebench.probe.script import Turn
from agentmem_bench.likebench.probe.text import holds, occurring, sentences, short_forms, words

BANDS: Mapping[str, tuple[int, int]] = {"brief": (1, 35), "medium": (36, 75), "full": (100, 200)}
"""Words of a reply that is as long as wished."""
STEPS = ((1.0, 5), (1.2, 4), (1.5, 3), (2.2, 2))
"""Ratings by how many times too long or too short a reply is; above the last, 1."""
REPEATED = 6
"""Words in a row of the user's own that make a sentence a repetition."""


@dataclass(frozen=True)
class Rating:
    """What one reply is worth on one dimension.

    Attributes:
        value: From 1, very poor, to 5, excellent; none: not applicable.
        reason: Why, with what was found.
    """

    value: float | None
    reason: str


NOT_APPLICABLE = Rating(None, "not applicable")


def rate(persona: Persona, turn: Turn, message: str, reply: str) -> dict[Dimension, Rating]:
    """The ratings, on every dimension, of a reply to the message in which a turn was said."""
    said = substance(reply, message)
    own = _unquoted(said, persona)
    return {
        dimension: NOT_APPLICABLE
        if dimension in turn.not_rated
        else _RULES[dimension](persona, turn, said if dimension == "callback" else own)
        for dimension in DIMENSIONS
    }


def substance(reply: str, message: str) -> str:
    """A reply without flattery, and without sentences that repeat the user or the reply itself."""
    kept: list[str] = []
    asked = f" {' '.join(words(message))} "
    seen: set[str] = set()
    for sentence in sentences(reply):
        plain = words(sentence)
        key = " ".join(plain)
        runs = (f" {' '.join(plain[n : n + REPEATED])} " for n in range(max(len(plain) - REPEATED, 0) + 1))
        if key in seen or occurring(replies().sweet, sentence) or any(run in asked for run in runs):
            continue
        seen.add(key)
        kept.append(sentence)
    return " ".join(kept)


def _unquoted(reply: str, persona: Persona) -> str:
    """A reply without sentences that quote what the persona told: they count as callbacks alone."""
    told = [fact.says.rstrip(".!?") for fact in persona.facts]
    return " ".join(one for one in sentences(reply) if not any(says in one for says in told))


def _length(persona: Persona, turn: Turn, reply: str) -> Rating:
    wanted = persona.preferences.length
    if wanted is None or turn.mood is not None:
        return NOT_APPLICABLE
    least, most = BANDS[wanted]
    count = max(len(words(reply)), 1)
    factor = max(count / most, least / count, 1.0)
    value = next((rating for step, rating in STEPS if factor <= step), 1)
    return Rating(value, f"{count} words, {wanted} is wished: {least} to {most}")


def _formality(persona: Persona, turn: Turn, reply: str) -> Rating:
    wanted = persona.preferences.formality
    if wanted is None:
        return NOT_APPLICABLE
    said, count = replies(), max(len(sentences(reply)), 1)
    casual = len(occurring((*said.casual.openers, *said.casual.tags), reply)) + short_forms(reply)
    formal = len(occurring((*said.formal.openers, *said.formal.tags), reply))
    found = f"{casual} casual and {formal} formal marks in {count} sentences, {wanted} is wished"
    if wanted == "plain":
        return Rating(5 if casual + formal == 0 else 3 if casual + formal == 1 else 2, found)
    own, other = (casual, formal) if wanted == "casual" else (formal, casual)
    if other:
        return Rating(1 if other > own else 2, found)
    return Rating(2 if own == 0 else 4 if own == 1 and count > 1 else 5, found)


def _humor(persona: Persona, turn: Turn, reply: str) -> Rating:
    wanted = persona.preferences.humor
    if wanted is None or turn.mood is not None:
        return NOT_APPLICABLE
    jests = {kind: len(occurring(lines, reply)) for kind, lines in replies().jests.items()}
    total = sum(jests.values())
    found = f"{jests['dry']} dry and {jests['playful']} playful jests, {wanted} is wished"
    if wanted == "none":
        return Rating(5 if total == 0 else 1, found)
    if total == 0:
        return Rating(2, found)
    if total > 1:
        return Rating(2 if jests[wanted] else 1, found)
    return Rating(5 if jests[wanted] else 2, found)


def _emotion(persona: Persona, turn: Turn, reply: str) -> Rating:
    wanted = persona.preferences.comfort
    if wanted is None or turn.mood is None:
        return NOT_APPLICABLE
    kinds = [kind for kind, lines in replies().comfort.items() if occurring(lines, reply)]
    found = f"{', '.join(kinds) or 'nothing'} in answer to a mood that is {turn.mood}, {wanted} is wished"
    if not kinds:
        return Rating(2, found)
    if wanted not in kinds:
        return Rating(1, found)
    return Rating(5 if len(kinds) == 1 else 3, found)


def _knowledge(persona: Persona, turn: Turn, reply: str) -> Rating:
    topic = topics().get(turn.topic or "")
    wanted = persona.preferences.knowledge.get(turn.topic or "")
    if topic is None or wanted is None:
        return NOT_APPLICABLE
    terms, plain = len(occurring(topic.terms, reply)), len(occurring(topic.plain, reply))
    found = f"{terms} terms and {plain} plain words of {topic.name}, for {wanted}"
    if wanted == "novice":
        value = 1 if terms > 1 else (3 if plain else 2) if terms else 5 if plain else 3
    elif wanted == "expert":
        value = 1 if plain else {0: 2, 1: 3}.get(terms, 5)
    else:
        value = 2 if plain else {0: 5, 1: 5, 2: 4}.get(terms, 2)
    return Rating(value, found)


def _reference(persona: Persona, turn: Turn, reply: str) -> Rating:
    if turn.reference is None:
        return NOT_APPLICABLE
    word = turn.reference
    found = [key for key in word.keys if holds([key], reply)]
    told = f"{word.says!r} is {word.means!r}: {', '.join(found) or 'nothing of it'} in the reply"
    return Rating(5 if len(found) == len(word.keys) else 3 if found else 1, told)


def _callback(persona: Persona, turn: Turn, reply: str) -> Rating:
    fitting = turn.callback
    just_said = {turn.surfaces.id} if turn.surfaces is not None else set()
    brought = [fact.id for fact in persona.facts if holds(fact.keys, reply) and fact.id not in just_said]
    if fitting is None:
        return Rating(1, f"brings back {', '.join(brought)}, out of place") if brought else NOT_APPLICABLE
    told = f"{fitting.id} is fitting, {', '.join(brought) or 'nothing'} is brought back"
    if not brought:
        return Rating(2, told)
    if fitting.id not in brought:
        return Rating(1, told)
    return Rating(5 if len(brought) == 1 else 2, told)


_RULES: Mapping[Dimension, Callable[[Persona, Turn, str], Rating]] = {
    "emotion": _emotion,
    "formality": _formality,
    "knowledge": _knowledge,
    "reference": _reference,
    "length": _length,
    "humor": _humor,
    "callback": _callback,
}
