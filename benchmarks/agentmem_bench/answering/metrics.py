"""Scores without a model, as LoCoMo's own evaluation counts them (Maharana et al. 2024, section 5).

The stems are Snowball's Porter stems; LoCoMo's are those of NLTK, which differ for a few words.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from functools import cache
from statistics import fmean
from typing import TYPE_CHECKING

from agentmem_bench.answering.cases import Question

if TYPE_CHECKING:
    from Stemmer import Stemmer

ABSTAINED = ("no information available", "not mentioned")
"""By these words, and no others, LoCoMo knows an answer to a question that cannot be answered."""

_UNSAID = re.compile(r"\b(a|an|the|and)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def f1_of(question: Question, given: str) -> float:
    """Token F1 of an answer, 0 to 1; of a question that cannot be answered, whether it says so."""
    if question.abstention:
        return float(any(words in given.lower() for words in ABSTAINED))
    key = question.key or question.gold
    if not question.listed:
        return token_f1(given, key)
    entries = given.split(",")
    return fmean(max(token_f1(entry, wanted) for entry in entries) for wanted in key.split(","))


def exact_of(question: Question, given: str) -> float:
    """1 for an answer that has the words of the expected one and no others; else 0."""
    if question.abstention:
        return f1_of(question, given)
    return float(set(words(given)) == set(words(question.key or question.gold)))


def token_f1(given: str, key: str) -> float:
    """The harmonic mean of precision and recall over stemmed words, each as often as it stands there."""
    had, wanted = (_stemmer().stemWords(words(text)) for text in (given, key))
    same = (Counter(had) & Counter(wanted)).total()
    return 2 * same / (len(had) + len(wanted)) if same else 0.0


def words(text: str) -> list[str]:
    """The words that count: lower case, without punctuation, articles and `and`."""
    return _UNSAID.sub(" ", text.lower().translate(_PUNCTUATION)).split()


@cache
def _stemmer() -> Stemmer:
    from Stemmer import Stemmer

    return Stemmer("porter")
