"""From text to the stems that the text index counts: words, English Snowball stems, CJK bigrams."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
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

REMEMBERED = 100_000
"""How many pieces of text the shared memory of their stems holds before it starts anew."""
BYTES_EACH = 150
"""About what a remembered piece and its number take (measured)."""
LONGEST_REMEMBERED = 40
"""Characters of the longest piece that it holds: longer ones hardly occur twice."""

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
    return [stem for piece in text.casefold().split() for stem in _STEMS_OF[piece]]


BETWEEN = "\x00"
"""What stands between texts that are analysed at once: it occurs in no text."""


class Occurrences(NamedTuple):
    """The stems of several texts, in the order of texts.

    Attributes:
        codes: The stem's code, one for each occurrence, shape (occurrences,).
        texts: Number of the text, shape (occurrences,).
    """

    codes: NDArray[np.int32]
    texts: NDArray[np.int64]


class Vocabulary:
    """Codes of stems, 0, 1, ... as they are met, and of many texts at once which stems occur in them."""

    def __init__(self, stems: Iterable[str] = ()) -> None:
        self.codes = {stem: code for code, stem in enumerate(stems)}
        self._pieces = _Pieces(self.codes)

    @property
    def nbytes(self) -> int:
        """Bytes held by the pieces of text that are remembered, in the main."""
        return self._pieces.nbytes

    def occurrences(self, texts: Sequence[str]) -> Occurrences:
        """`stems` of many texts, several times as fast: a piece of text without spaces is analysed once."""
        if self._pieces.count > REMEMBERED:
            self._pieces = _Pieces(self.codes)
        pieces = f" {BETWEEN} ".join(texts).casefold().split()
        numbers = np.fromiter(map(self._pieces.__getitem__, pieces), np.int64, len(pieces))
        bounds = np.frombuffer(self._pieces.bounds, np.int64)
        starts = bounds[numbers]
        here = bounds[numbers + 1] - starts  # how many stems each piece has
        of_piece = np.repeat(np.arange(len(pieces)), here)
        # Where in its piece each stem stands: its number less that of the first one of the piece.
        within = np.arange(len(of_piece)) - (np.cumsum(here) - here)[of_piece]
        codes = np.frombuffer(self._pieces.codes, np.int32)[starts[of_piece] + within]
        return Occurrences(codes, np.cumsum(numbers == _Pieces.END)[of_piece])


class _Pieces(dict[str, int]):
    """Numbers of pieces of text: the codes of piece `i` are `codes[bounds[i]:bounds[i + 1]]`.

    An array that numpy looks into cannot grow: who looks lets go before the next piece is met.
    """

    END = 0
    """The number of what stands between texts."""

    def __init__(self, codes: dict[str, int]) -> None:
        super().__init__({BETWEEN: self.END})
        self._codes = codes
        self.codes = array("i")
        self.bounds = array("q", [0, 0])

    @property
    def count(self) -> int:
        """How many pieces have a number, those too that are met anew each time."""
        return len(self.bounds) - 1

    @property
    def nbytes(self) -> int:
        """Bytes held, in the main."""
        return BYTES_EACH * len(self) + 8 * len(self.bounds) + 4 * len(self.codes)

    def __missing__(self, piece: str) -> int:
        self.codes.extend([self._codes.setdefault(stem, len(self._codes)) for stem in _STEMS_OF[piece]])
        number = self.count
        self.bounds.append(len(self.codes))
        if len(piece) <= LONGEST_REMEMBERED:
            self[piece] = number
        return number


def _analysed(piece: str) -> tuple[str, ...]:
    """The stems of a case-folded piece of text that has no spaces."""
    if piece.isascii():
        return tuple(filter(None, map(_stem, _ASCII_WORDS.findall(piece))))
    text = unicodedata.normalize("NFKC", piece).casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    found: list[str] = []
    end = 0
    for run in _UNSPACED_RUN.finditer(text):
        found += map(_stem, _WORDS.findall(text, end, run.start()))
        found += _bigrams(run.group())
        end = run.end()
    found += map(_stem, _WORDS.findall(text, end))
    return tuple(filter(None, found))


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


class _StemsOf(dict[str, tuple[str, ...]]):
    """Stems of the pieces seen lately: looking them up is much cheaper than making them."""

    def __missing__(self, piece: str) -> tuple[str, ...]:
        found = _analysed(piece)
        if len(piece) <= LONGEST_REMEMBERED:
            if len(self) >= REMEMBERED:
                self.clear()
            self[piece] = found
        return found


_STEMS_OF = _StemsOf()
