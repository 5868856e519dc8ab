"""The stretch of an utterance that is the value: as said, without what leads it in and trails off."""

from __future__ import annotations

import re

from agentmem.stores.task.rule.cues import patterns
from agentmem.stores.task.rule.phrases import Phrase, cut_tail, plain

PLACES = {
    "along",
    "round",
    "around",
    "behind",
    "under",
    "over",
    "after",
    "before",
    "between",
    "through",
    "past",
    "near",
    "outside",
    "inside",
    "beside",
    "opposite",
    "above",
    "below",
    "across",
    "towards",
    "without",
    "until",
    "within",
    "beneath",
    "against",
    "next",
}
"""Prepositions that are part of a value: "behind the shed" is another place than "the shed"."""


def value_of(phrase: Phrase, text: str) -> str:
    """The value that a phrase says."""
    start = phrase.start
    if phrase.preposition in PLACES:
        start = _before(text, start, phrase.preposition)
    return cleaned(text[start : phrase.end])


def cleaned(value: str) -> str:
    """A stretch without approximation before it and politeness, doubt and time words behind."""
    value = cut_tail(value.strip(' ,.;:!?…-–—"“”'))
    match = patterns("approximate")[0].match(plain(value))
    if match is not None and re.match(r"[\d$€£]|\w+", value[match.end() :]):
        value = value[match.end() :]
    return value.strip(' ,.;:!?…"“”')


def _before(text: str, start: int, word: str) -> int:
    place = plain(text).rfind(word, 0, start)
    return start if place < 0 else place
