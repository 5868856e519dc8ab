"""The form in which values and titles are compared: case, punctuation, articles and number words aside."""

from __future__ import annotations

import re
import unicodedata

from agentmem.stores.number_words import TENS, UNITS

ARTICLES = {"a", "an", "the"}
_ORDINALS = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
]
NUMBERS = {word: number for number, word in enumerate(UNITS)}
NUMBERS |= {word: 10 * number for number, word in enumerate(TENS, start=2)}
TEN, HUNDRED = 10, 100
TEENS = (11, 12, 13)
"""Numbers that end like others and are said otherwise: 11th, not 11st."""
SCALES = {"hundred": HUNDRED, "thousand": 1000, "million": 1_000_000}
ORDINALS = {word: number for number, word in enumerate(_ORDINALS)}
ORDINALS |= {word[:-1] + "ieth": 10 * number for number, word in enumerate(TENS, start=2)}
_WORD = re.compile(
    r"\d+(?:[.,:]\d+)*(?:st|nd|rd|th)?(?![^\W\d_])|\d+(?:[.,:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)?|[^\w\s]|\d+|_"
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def normal_form(text: str) -> str:
    """`text` in lower case, without punctuation and articles, its numbers in digits.

    "The twenty-five guests" and "25 guests" have the same form, and so have "1,100" and "1100".
    """
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    words = _WORD.findall(_THOUSANDS.sub("", plain))
    kept = [word for word in words if word[0].isalnum() and word not in ARTICLES]
    return " ".join(_in_digits(kept))


def _in_digits(words: list[str]) -> list[str]:
    found: list[str] = []
    place = 0
    while place < len(words):
        number, used = _number(words[place:])
        if used:
            found.append(number)
        else:
            found.append(words[place])
            used = 1
        place += used
    return found


def _number(words: list[str]) -> tuple[str, int]:
    """The number that `words` begin with, in digits, and how many of them say it."""
    total = current = used = 0
    room = 0
    for word in words:
        if word in NUMBERS and (not used or room > NUMBERS[word] > 0):
            current += NUMBERS[word]
            room = TEN if NUMBERS[word] >= 2 * TEN else 0
        elif word in ORDINALS and (not used or room > ORDINALS[word] > 0):
            return str(total + current + ORDINALS[word]) + _suffix(total + current + ORDINALS[word]), used + 1
        elif word in SCALES and used:
            scale = SCALES[word]
            hundreds = scale == HUNDRED
            current, total = (current * scale, total) if hundreds else (0, total + current * scale)
            room = HUNDRED if hundreds else TEN * HUNDRED
        else:
            break
        used += 1
    return str(total + current), used


def _suffix(number: int) -> str:
    if number % HUNDRED in TEENS:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
