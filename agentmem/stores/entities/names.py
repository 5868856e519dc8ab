"""Names: which are the same, and of what kind is what they name."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Kind = Literal["person", "agent", "organisation", "place", "thing"]
"""What a name is of; `agent` is a speaker that is no user: an assistant, a tool, a page."""

KINDS: dict[str, Kind] = {
    "PERSON": "person",
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "PRODUCT": "thing",
    "EVENT": "thing",
    "WORK_OF_ART": "thing",
}
"""Kinds by the labels of the recogniser; what has another label (a date, an amount) is no entity."""
TITLES = frozenset(
    ("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "madam", "lady", "lord")
) | {"rev", "reverend", "the"}
"""Words before a name that are no part of it."""
_POSSESSIVE = re.compile(r"(?<=\w)['’]s?$", re.IGNORECASE)
MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06ed"
    "\u0711\u0730-\u074a\u07a6-\u07b0\u07eb-\u07f3\u0900-\u0963\u0971-\u0df3\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ecd\u0f35-\u0f39\u0f71-\u0fbc"
    "\u102b-\u103e\u1056-\u109d\u17b4-\u17d3\u1dc0-\u1dff\u3099\u309a\ufe20-\ufe2f"
)
"""Accents, vowel signs and the like, which stand after a letter and are part of it: characters of a class."""
_EDGE = re.compile(rf"^[\W_]+|(?:(?![{MARKS}])[\W_])+$")


def plain(name: str) -> str:
    """A name on one line, without a title, a possessive, or marks around it; empty where nothing is left."""
    words = " ".join(name.split())
    words = _EDGE.sub("", _POSSESSIVE.sub("", _EDGE.sub("", _kept(words))))
    head, _, rest = words.partition(" ")
    while rest and head.casefold().rstrip(".") in TITLES:
        words = rest
        head, _, rest = words.partition(" ")
    return words


def _kept(words: str) -> str:
    """`words` without the apostrophe of a plural at its end, which is a mark too."""
    return words[:-1] if words.endswith(("'", "’")) else words


def normal(name: str) -> str:
    """The form in which names are the same: plain, without regard to case and to forms of a character."""
    return plain(unicodedata.normalize("NFKC", plain(name)).casefold())


def is_name(text: str) -> bool:
    """Whether a text that was taken for a name looks like one: a word of it begins with no small letter."""
    return any(word[0].isalpha() and not word[0].islower() for word in text.split())
