"""Near duplicates among ranked texts: the same words in the same order, or one within another."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

NEGATIONS = frozenset({"not", "no", "never", "none", "without", "cannot"})
"""Words that turn a statement round: texts that differ in one of them are never duplicates."""

_WORD = re.compile(r"\w+(?:['\u2019]\w+)*")


def near_duplicates(texts: Sequence[str], jaccard: float = 0.9, contained_words: int = 5) -> dict[int, int]:
    """Places of the texts, given best first, that repeat a better one, each with the place of that one.

    A text repeats a better one if they are equal but for case and punctuation, if it has at least
    `contained_words` words and stands within the better one, or if the Jaccard similarity of their
    words and word pairs is at least `jaccard` and no number or negation differs: those are changed
    facts. Candidates come from each text's rarest features (prefix filtering: Chaudhuri et al., "A
    Primitive Operator for Similarity Joins in Data Cleaning", 2006), so this is not quadratic.
    """
    words = [_words(text) for text in texts]
    features = [frozenset(each) | frozenset(pairwise(each)) for each in words]
    frequency = Counter(feature for each in features for feature in each)
    holders: dict[str | tuple[str, str], list[int]] = defaultdict(list)
    kept: dict[tuple[str, ...], int] = {}
    repeats: dict[int, int] = {}
    for place, each in enumerate(features):
        if words[place] in kept:
            repeats[place] = kept[words[place]]
            continue
        rarest = sorted(each, key=lambda feature: (frequency[feature], str(feature)))
        prefix = rarest[: len(each) - math.ceil(jaccard * len(each)) + 1]
        for better in sorted({other for feature in prefix for other in holders[feature]}):
            contained = len(words[place]) >= contained_words and _within(words[place], words[better])
            if contained or _alike(each, features[better], jaccard):
                repeats[place] = better
                break
        else:
            kept[words[place]] = place
            for feature in each:
                holders[feature].append(place)
    return repeats


def _words(text: str) -> tuple[str, ...]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return tuple(_WORD.findall(folded)) or (folded.strip(),)


def _alike(
    one: frozenset[str | tuple[str, str]], other: frozenset[str | tuple[str, str]], jaccard: float
) -> bool:
    if len(one & other) < jaccard * len(one | other):
        return False
    return not any(_decides(feature) for feature in one ^ other if isinstance(feature, str))


def _decides(word: str) -> bool:
    return word in NEGATIONS or word.endswith(("n't", "n\u2019t")) or any(char.isdigit() for char in word)


def _within(words: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return f" {' '.join(words)} " in f" {' '.join(other)} "
