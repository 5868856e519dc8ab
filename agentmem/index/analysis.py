"""From text to the stems that the text index counts: words, English Snowball stems, CJK bigrams."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from Stemmer import Stemmer

_COMMON = """
    a about above after again against all also am an and any are as at be because been before being below
    between both but by can could did do does doing down during each few for from further had has have having
    he her here hers herself him himself his how i if in into is it its itself just me more most my myself no
    nor not now of off on once only or other our ours ourselves out over own same shall she should so some
    such than that the their theirs them themselves then there these they this those through to too under
    until up very was we were what when where which while who whom whose why will with would you your yours
    yourself yourselves
"""
STOP_WORDS: frozenset[str] = frozenset(_COMMON.split())
"""Words too common in English to tell one text from another; question words are among them."""

REMEMBERED_WORDS = 100_000
"""How many different words the shared memory of stems holds before it starts anew."""

# Vowel signs and accents are no letters to `re`; without them, words of Hebrew, Arabic or Hindi are cut.
_MARK = r"\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0951-\u0963\u0981-\u0dff"


def _words(letter: str, part: str) -> re.Pattern[str]:
    """Words with their inner apostrophes; 1,200 and 3.14 are one number each."""
    return re.compile(
        rf"{letter}{part}*(?:'{part}+)*"
        rf"|\d{{1,3}}(?:,\d{{3}})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)+|\d{part}*(?:'{part}+)*"
    )


_ASCII_WORDS = _words("[a-z]", "[a-z0-9]")
_WORDS = _words(r"[^\W\d_]", rf"(?:[^\W_]|[{_MARK}])")
# Scripts without spaces: Thai, Lao, Myanmar, Khmer, Kana, Han; Hangul, whose words carry particles.
_UNSPACED = (
    r"\u0e01-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f"
    r"\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNSPACED_RUN = re.compile(rf"[{_UNSPACED}]+")
_CLITIC = re.compile(r"'(?:s|d|m|ll|re|ve)$")


def stems(text: str) -> list[str]:
    """Return the stems of `text` in order, with repeats and without stop words.

    Words are case-folded; "Maya's" counts as "maya", "don't" as a stop word. Scripts without spaces between
    words (Han, Kana, Hangul, Thai, ...) give pairs of neighbouring characters.
    """
    text = text.casefold()
    if text.isascii():
        return list(filter(None, map(_STEM_OF.__getitem__, _ASCII_WORDS.findall(text))))
    text = unicodedata.normalize("NFKC", text).casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    found: list[str] = []
    end = 0
    for run in _UNSPACED_RUN.finditer(text):
        found += map(_STEM_OF.__getitem__, _WORDS.findall(text, end, run.start()))
        found += _bigrams(run.group())
        end = run.end()
    found += map(_STEM_OF.__getitem__, _WORDS.findall(text, end))
    return list(filter(None, found))


def _bigrams(run: str) -> list[str]:
    return [first + second for first, second in pairwise(run)] or [run]


def _stem(word: str) -> str:
    """The stem of one case-folded word; empty for a stop word."""
    word = _CLITIC.sub("", word)
    if word in STOP_WORDS or word.endswith("n't"):
        return ""
    if word[0].isdigit():
        return word.replace(",", "")
    return str(_stemmer().stemWord(word))


@cache
def _stemmer() -> Stemmer:
    from Stemmer import Stemmer

    return Stemmer("english")


class _StemOf(dict[str, str]):
    """Stems of the words seen lately: looking one up is much cheaper than making it."""

    def __missing__(self, word: str) -> str:
        if len(self) >= REMEMBERED_WORDS:
            self.clear()
        self[word] = stem = _stem(word)
        return stem


_STEM_OF = _StemOf()
