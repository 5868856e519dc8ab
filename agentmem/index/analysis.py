"""From text to the stems that the text index counts: words, English Snowball stems, CJK bigrams."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

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
    # Each alternative begins with one class of characters: `re` then skips what cannot begin a word.
    return re.compile(
        rf"{letter}{part}*+(?:'{part}++)*+"
        rf"|\d(?:\d{{0,2}}(?:,\d{{3}})+(?![\d,])(?:\.\d+)?|\d*(?:\.\d+)+|{part}*+(?:'{part}++)*+)"
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


BETWEEN = "\x00"
"""What stands between texts that are analysed at once: it occurs in no text, and in no word."""
_ASCII_WORDS_AND_ENDS = re.compile(rf"{BETWEEN}|{_ASCII_WORDS.pattern}")


class Analysed(NamedTuple):
    """The stems of several texts: `texts[i]` has `stems[codes[i]]`, both in the order of texts.

    Attributes:
        stems: Distinct stems.
        codes: Place in `stems`, one for each occurrence, shape (occurrences,).
        texts: Number of the text, shape (occurrences,).
    """

    stems: list[str]
    codes: NDArray[np.int32]
    texts: NDArray[np.int64]


def stems_of(texts: Sequence[str]) -> Analysed:
    """`stems` of many texts at once, several times as fast."""
    folded = [text.casefold() for text in texts]
    plain = [text if text.isascii() else "" for text in folded]
    coded = _Coded()
    words = _ASCII_WORDS_AND_ENDS.findall(BETWEEN.join(plain))
    codes = np.fromiter(map(coded.__getitem__, words), np.int32, len(words))
    numbers = np.cumsum(codes == _Coded.END)
    kept = codes >= 0
    codes, numbers = codes[kept], numbers[kept]
    others = [(number, stems(text)) for number, text in enumerate(folded) if not text.isascii()]
    if others:
        more = [(coded.code(stem), number) for number, found in others for stem in found]
        added = np.array(more, np.int64).reshape(-1, 2)
        codes = np.concatenate((codes, added[:, 0].astype(np.int32)))
        numbers = np.concatenate((numbers, added[:, 1]))
        order = np.argsort(numbers, kind="stable")
        codes, numbers = codes[order], numbers[order]
    return Analysed(list(coded.stems), codes, numbers)


class _Coded(dict[str, int]):
    """Words to the codes of their stems, given in the order in which they are met."""

    END = -2
    STOP = -1

    def __init__(self) -> None:
        super().__init__({BETWEEN: self.END})
        self.stems: dict[str, int] = {}

    def code(self, stem: str) -> int:
        """The code of a stem."""
        return self.stems.setdefault(stem, len(self.stems)) if stem else self.STOP

    def __missing__(self, word: str) -> int:
        self[word] = code = self.code(_STEM_OF[word])
        return code


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
