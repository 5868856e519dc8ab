"""Near duplicates among ranked texts: the same words in the same order, or one within another."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Generic, TypeVar

Key = TypeVar("Key")
Feature = str | tuple[str, str]

NEGATIONS = frozenset({"not", "no", "never", "none", "without", "cannot"})
"""Words that turn a statement round: texts that differ in one of them are never duplicates."""

_WORD = re.compile(r"\w+(?:['\u2019]\w+)*")


class Shown(Generic[Key]):
    """The texts shown so far, each under a key, asked whether a further one repeats one of them.

    A text repeats another if they are equal but for case and punctuation, if it has at least
    `contained_words` words and stands within the other, or if the Jaccard similarity of their words
    and word pairs is at least `jaccard` and no number or negation differs: those are changed facts.
    Candidates come from the text's features that fewest others have (prefix filtering: Chaudhuri et
    al., "A Primitive Operator for Similarity Joins in Data Cleaning", 2006), so this is not quadratic.
    """

    def __init__(self, jaccard: float = 0.9, contained_words: int = 5) -> None:
        self.jaccard = jaccard
        self.contained_words = contained_words
        self._keys: list[Key] = []
        self._words: list[tuple[str, ...]] = []
        self._features: list[frozenset[Feature]] = []
        self._places: dict[tuple[str, ...], int] = {}
        self._holders: defaultdict[Feature, list[int]] = defaultdict(list)

    def add(self, key: Key, text: str) -> None:
        """Note that `text` is shown."""
        place = len(self._keys)
        words = _words(text)
        self._keys.append(key)
        self._words.append(words)
        self._features.append(_features(words))
        self._places.setdefault(words, place)
        for feature in self._features[-1]:
            self._holders[feature].append(place)

    def repeats(self, text: str) -> Key | None:
        """The key of the first text that `text` repeats, if any."""
        words = _words(text)
        if words in self._places:
            return self._keys[self._places[words]]
        features = _features(words)
        # To reach the similarity, another text must have one of any so many of the features.
        enough = len(features) - math.ceil(self.jaccard * len(features)) + 1
        holders = sorted((self._holders.get(feature, ()) for feature in features), key=len)
        for place in sorted({place for held in holders[:enough] for place in held}):
            contained = len(words) >= self.contained_words and _within(words, self._words[place])
            if contained or _alike(features, self._features[place], self.jaccard):
                return self._keys[place]
        return None


def near_duplicates(texts: Sequence[str], jaccard: float = 0.9, contained_words: int = 5) -> dict[int, int]:
    """Places of the texts, given best first, that repeat a better one, each with the place of that one."""
    shown: Shown[int] = Shown(jaccard, contained_words)
    repeats: dict[int, int] = {}
    for place, text in enumerate(texts):
        better = shown.repeats(text)
        if better is None:
            shown.add(place, text)
        else:
            repeats[place] = better
    return repeats


def _words(text: str) -> tuple[str, ...]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return tuple(_WORD.findall(folded)) or (folded.strip(),)


def _features(words: tuple[str, ...]) -> frozenset[Feature]:
    return frozenset((*words, *pairwise(words)))


def _alike(one: frozenset[Feature], other: frozenset[Feature], jaccard: float) -> bool:
    if len(one & other) < jaccard * len(one | other):
        return False
    return not any(_decides(feature) for feature in one ^ other if isinstance(feature, str))


def _decides(word: str) -> bool:
    return word in NEGATIONS or word.endswith(("n't", "n\u2019t")) or any(char.isdigit() for char in word)


def _within(words: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return f" {' '.join(words)} " in f" {' '.join(other)} "
