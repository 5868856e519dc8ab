"""Numbers in a text, however they are written: digits of any script, decimals, groups of three, and words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from agentmem.stores.number_words import TENS, UNITS

_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fifth": 5,
    "eighth": 8,
    "ninth": 9,
    "twelfth": 12,
    **{f"{word}th": value for value, word in enumerate(UNITS) if value not in (0, 1, 2, 3, 5, 8, 9, 12)},
    **{f"{word[:-1]}ieth": 10 * value for value, word in enumerate(TENS, 2)},
}
_VALUES = (
    {word: value for value, word in enumerate(UNITS)}
    | {word: 10 * value for value, word in enumerate(TENS, 2)}
    | {"dozen": 12}
    | _ORDINALS
)
NUMBER_WORDS = frozenset({*_VALUES, *_SCALES})
"""Words that say a number, in lower case."""

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_HASH = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
    r"|\b(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{8,}\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_GAP = re.compile(r"[\s\-‐‑]+")


def plain(text: str) -> str:
    """`text` with full-width and other compatible characters, and digits of any script, in plain form."""
    folded = unicodedata.normalize("NFKC", text)
    if folded.isascii():
        return folded
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in folded)


def numbers_in(text: str, *, words: bool = True) -> set[str]:
    """The numbers of a text in a form that can be compared: `1,500`, `1500.0` and `1500` are one.

    A sign is no part of a number. What may be read in two ways (`12,345`: a number, or two) is read in both.
    Digits within hashes and UUIDs are no numbers.

    Args:
        text: The text.
        words: Whether numbers in (English) words are meant too.
    """
    known = _HASH.sub(" ", plain(text))
    found = {one for match in _DIGITS.finditer(known) for one in _readings(match[0])}
    return found | set(_in_words(known)) if words else found


def _readings(digits: str) -> Iterator[str]:
    parts = re.split("[.,]", digits)
    if _GROUPED.fullmatch(digits):
        yield _plain_decimal(digits.replace(",", ""))
    if len(parts) == 2 and "." in digits:  # noqa: PLR2004  before and behind the point
        yield _plain_decimal(digits)
        return
    if len(parts) == 2:  # noqa: PLR2004  a decimal comma, or a pair
        yield _plain_decimal(digits.replace(",", "."))
    yield from (_plain_decimal(part) for part in parts)


def _plain_decimal(digits: str) -> str:
    whole, _, fraction = digits.partition(".")
    kept = fraction.rstrip("0")
    return f"{whole.lstrip('0') or '0'}{'.' if kept else ''}{kept}"


def _in_words(text: str) -> Iterator[str]:
    for run in _runs(text.casefold()):
        total = current = 0
        said = False
        for before, word in pairwise((None, *run)):
            if word in _SCALES:
                if not said:
                    current = 1
                current *= _SCALES[word]
                if _SCALES[word] > _SCALES["hundred"]:
                    total, current = total + current, 0
            else:
                value = _VALUES[word or ""]
                if said and not _continues(before, value):
                    yield str(total + current)
                    total = current = 0
                current += value
            said = True
        if said:
            yield str(total + current)


def _continues(before: str | None, value: int) -> bool:
    """Whether a value belongs to the same number as the word before it: `twenty three`, `hundred five`."""
    if before in _SCALES:
        return True
    return before in TENS and 0 < value < 10  # noqa: PLR2004  a digit behind the tens


def _runs(text: str) -> Iterator[list[str]]:
    """Words that say numbers, those side by side together; an "and" within is left out."""
    run: list[str] = []
    end = -1
    for match in _WORD.finditer(text):
        word = match[0] if match[0] in NUMBER_WORDS else match[0].removesuffix("s")
        beside = end >= 0 and _GAP.fullmatch(text, end, match.start())
        if run and beside and match[0] == "and" and run[-1] in _SCALES:
            end = match.end()
            continue
        if word not in NUMBER_WORDS:
            continue
        if run and not beside:
            yield run
            run = []
        run.append(word)
        end = match.end()
    if run:
        yield run
