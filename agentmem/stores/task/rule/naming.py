"""Which slots a stretch of words names, by title, or by a value that they have or had."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from agentmem.stores.task.rule.policy import RulePolicy
from agentmem.stores.task.rule.words import Word
from agentmem.stores.task.rule.world import Live, title_stems, word_stems

CLOSED = {"PRP", "PRP$", "DT", "IN", "CC", "TO", "MD", "EX", "WDT", "WP", "WP$", "WRB", "UH", ",", ".", ":"}
"""Tags of words that name nothing."""

ASKING = re.compile(r"(?:which|what|how (?:many|much))\b")
HALF = 0.5
"""Least share of a value's words that says it."""
LEAST_SHARED = 4
"""How many letters a longer word must share with a shorter one to be its kin: "dataset", "data"."""


@dataclass(frozen=True)
class Naming:
    """A slot that is named.

    Attributes:
        slot: Its id.
        strength: From 0 to 1.
        places: Places of the words that name it.
    """

    slot: str
    strength: float
    places: frozenset[int]


def by_title(words: Sequence[Word], slots: Sequence[Live], policy: RulePolicy) -> list[Naming]:
    """Slots whose title's words are among `words`, the strongest first."""
    share = Counter(one for slot in slots for one in set(slot.words))
    found: list[Naming] = []
    said = [() if word.tag in CLOSED else word_stems(word) for word in words]
    for slot in slots:
        stems = slot.words
        total = matched = 0.0
        places: set[int] = set()
        heads = 0 if ASKING.match(slot.title.lower()) else len(stems) - 1
        for position, one in enumerate(stems):
            weight = (1.5 if position == heads else 1.0) / share[one]
            total += weight
            hits = [place for place, parts in enumerate(said) if any(kin(one, part) for part in parts)]
            if hits:
                matched += weight
                places.update(hits)
        if total and matched / total >= policy.named:
            found.append(Naming(slot.id, matched / total, frozenset(places)))
    return sorted(found, key=lambda naming: -naming.strength)


def by_value(words: Sequence[Word], value: str) -> frozenset[int]:
    """Places of `words` that say `value`, or its telling part; empty where it is not said."""
    stems = title_stems(value)
    said = [word_stems(word) for word in words]
    places: set[int] = set()
    matched = 0
    for one in stems:
        hits = {place for place, parts in enumerate(said) if one in parts or any(kin(one, p) for p in parts)}
        matched += bool(hits)
        places |= hits
    numeric = [one for one in stems if one[0].isdigit()]
    if any(not _said(one, said) for one in numeric):
        return frozenset()
    return frozenset(places) if stems and matched / len(stems) >= HALF else frozenset()


def _said(one: str, said: Sequence[Sequence[str]]) -> bool:
    return any(one in parts for parts in said)


def kin(one: str, other: str) -> bool:
    """Whether two stems are the same, or one begins with the other."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= LEAST_SHARED and long.startswith(short) and short.isalpha()
