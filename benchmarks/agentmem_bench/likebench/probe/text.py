"""Words and sentences of replies, as the probe measures them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
CONTRACTIONS = {
    "it is": "it's",
    "that is": "that's",
    "you are": "you're",
    "you have": "you've",
    "you will": "you'll",
    "i am": "I'm",
    "i have": "I've",
    "i will": "I'll",
    "do not": "don't",
    "does not": "doesn't",
    "is not": "isn't",
    "are not": "aren't",
    "will not": "won't",
    "cannot": "can't",
    "let us": "let's",
    "there is": "there's",
    "here is": "here's",
    "what is": "what's",
}
"""Long and short forms; the short ones are casual."""
_LONG = re.compile(rf"\b({'|'.join(CONTRACTIONS)})\b", re.IGNORECASE)
_SHORT = re.compile(
    r"\b(?:\w+['’](?:re|ve|ll|m|t|d)|(?:it|that|there|here|what|let|who|how|where)['’]s)\b", re.IGNORECASE
)


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [one for one in _SENTENCE.split(text.strip()) if one]


def words(text: str) -> list[str]:
    """The words of a text, lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def contracted(text: str) -> str:
    """The same with short forms."""

    def short(found: re.Match[str]) -> str:
        made = CONTRACTIONS[found[1].lower()]
        return made[0].upper() + made[1:] if found[1][0].isupper() else made

    return _LONG.sub(short, text)


def short_forms(text: str) -> int:
    """How many short forms a text has."""
    return len(_SHORT.findall(text))


def occurring(phrases: Iterable[str], text: str) -> list[str]:
    """Which of some phrases, distinct, occur in a text as whole words; a plural s, and short forms, count."""
    held = f" {' '.join(words(contracted(text)))} "
    return [phrase for phrase in dict.fromkeys(phrases) if any(form in held for form in _forms(phrase))]


@cache
def _forms(phrase: str) -> tuple[str, str]:
    """How a phrase occurs: as it is, and in the plural."""
    plain = " ".join(words(contracted(phrase)))
    return f" {plain} ", f" {plain}s "


def holds(keys: Iterable[str], text: str) -> bool:
    """Whether all of some keys occur in a text, as they stand but for their case."""
    lowered = text.casefold()
    return all(key.casefold() in lowered for key in keys)
