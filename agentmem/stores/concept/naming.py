"""Names as they are compared: one idea is one entry, whatever the case, the number or the dashes."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BETWEEN = re.compile(r"[\s_\-–—/.,;:!?'\"()\[\]{}`]+")
_ARTICLES = frozenset({"a", "an", "the"})
_LEAST = 4
"""Letters of a word from which an `s` at its end is held for a plural."""


@lru_cache(65_536)
def normal(name: str) -> str:
    """A name as it is compared: "Draw lines" and "the draw-line" give the same; "" for one without words.

    By fixed rules, not by a stemmer's: records are told apart by it, and must be for as long as they last.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    words = [word for word in _BETWEEN.split(folded) if word]
    told = [word for word in words if word not in _ARTICLES] or words
    return " ".join(_stem(_singular(word)) for word in told)


def _singular(word: str) -> str:
    if len(word) < _LEAST or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > _LEAST:
        return word[:-3] + "y"
    return word[:-1]


def _stem(word: str) -> str:
    """The word without an `e` that may be of its plural: "caches" and "cache", "boxes" and "box" meet."""
    return word[:-1] if len(word) >= _LEAST and word.endswith(("che", "she", "xe", "ze", "se")) else word
