"""An utterance as tagged words: part of speech, stem, place in the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from agentmem.stores.task.rule.tagger import tagger

FINITE = {"VBZ", "VBP", "VBD", "MD"}
NOUNS = {"NN", "NNS", "NNP", "NNPS"}
PREDICATED = {
    "fine",
    "good",
    "ok",
    "okay",
    "great",
    "perfect",
    "enough",
    "ready",
    "done",
    "over",
    "up",
    "out",
    "off",
    "open",
    "set",
    "sorted",
    "settled",
    "better",
    "best",
    "gone",
    "full",
    "closed",
}
"""What is said of a thing and is no thing: "the room's fine"."""

SHIFTS = {"moves", "shifts", "changes", "switches", "drops", "returns", "slips", "turns", "reverts", "goes"}

_END = re.compile(r"[.!?…]+(?=[\s\"')\]]|$)|;|\n+")
_ABBREVIATION = re.compile(r"\b(?:mr|mrs|ms|dr|st|no|vs|prof|approx|e\.g|i\.e)$", re.IGNORECASE)


@dataclass(frozen=True)
class Word:
    """A word or a mark of an utterance.

    Attributes:
        text: As said.
        low: In lower case, with a straight apostrophe.
        tag: Its Penn Treebank tag.
        stem: What its forms have in common.
        start: Its first character in the utterance.
        end: The character behind its last.
    """

    text: str
    low: str
    tag: str
    stem: str
    start: int
    end: int

    @property
    def is_mark(self) -> bool:
        """Whether it is punctuation."""
        return not any(character.isalnum() for character in self.text)


Sentence = tuple[Word, ...]


def sentences(text: str) -> list[Sentence]:
    """The sentences of an utterance, each with the mark that ends it."""
    tagged = _tagged(text)
    found: list[Sentence] = []
    start = 0
    for end in [*_ends(text), len(text)]:
        words = tuple(word for word in tagged if start <= word.start < end)
        if any(not word.is_mark for word in words):
            found.append(words)
        start = end
    return found


def span(words: Sequence[Word], text: str) -> str:
    """What `words`, which follow each other, say."""
    return text[words[0].start : words[-1].end] if words else ""


@cache
def stem(word: str) -> str:
    """The stem of a word in lower case."""
    return str(_stemmer()(word))


def _ends(text: str) -> list[int]:
    ends = []
    for match in _END.finditer(text):
        before = text[: match.start()]
        if match.group() == "." and (_ABBREVIATION.search(before) or re.search(r"(?:^|\s)[A-Z]$", before)):
            continue
        ends.append(match.end())
    return ends


def _tagged(text: str) -> list[Word]:
    plain = text.replace("\u2019", "'")
    found = [
        Word(
            text=text[token.idx : token.idx + len(token)],
            low=token.lower_,
            tag=token.tag_,
            stem=stem(token.lower_),
            start=token.idx,
            end=token.idx + len(token),
        )
        for token in tagger()(plain)
        if not token.is_space
    ]
    return _repaired(_joined(found, text))


def _joined(words: list[Word], text: str) -> list[Word]:
    """Words with a hyphen inside in one piece: "twenty-five", "move-in"."""
    found: list[Word] = []
    for word in words:
        fused = found and found[-1].end == word.start and word.low in {"d", "s", "re", "ll", "ve", "m", "nt"}
        if fused and found[-1].text.isalpha():
            first = found.pop()
            whole = text[first.start : word.end]
            found.append(Word(whole, whole.lower(), "NN", stem(whole.lower()), first.start, word.end))
            continue
        tied = found and found[-1].end == word.start and "-" in (found[-1].text[-1], word.text[0])
        if tied and found[-1].text[0].isalnum() and (word.text == "-" or word.text[0].isalnum()):
            first = found.pop()
            whole = text[first.start : word.end]
            tag = first.tag if word.text == "-" else word.tag
            found.append(Word(whole, whole.lower(), tag, stem(whole.lower()), first.start, word.end))
        else:
            found.append(word)
    return found


def _repaired(words: list[Word]) -> list[Word]:
    """The possessive mark where it is "is" or "has" after all: "the room's booked"."""
    found = list(words)
    for place, word in enumerate(words):
        following = words[place + 1 :]
        proper = (
            place > 0
            and word.text[:1].isupper()
            and word.tag in {"NN", "NNS", "JJ", "VB", "VBN", "VBP", "RB", "FW"}
        )
        if proper and not words[place - 1].is_mark and word.low != "i":
            found[place] = replace(word, tag="NNP")
            continue
        acts = bool(following) and following[0].tag in {"VBZ", "MD", "VBD"}
        if place == 0 and acts and word.text[:1].isupper() and word.tag in {"JJ", "VB", "FW"}:
            found[place] = replace(word, tag="NNP")
            continue
        ends = not following or following[0].is_mark
        if word.tag == "POS" and word.low == "'s" and not ends and not _owns(following):
            found[place] = replace(word, tag="VBZ")
        elif word.tag == "NNS" and place and words[place - 1].tag == "NNP" and following:
            if following[0].tag in {"DT", "PRP", "PRP$", "JJS", "PDT"}:
                found[place] = replace(word, tag="VBZ")
        elif (
            word.tag == "NNS"
            and place
            and following
            and following[0].low in {"it", "me", "us", "him", "her", "them", "everyone"}
        ) or (word.tag == "NNS" and place and following and following[0].low == "to" and word.low in SHIFTS):
            found[place] = replace(word, tag="VBZ")
    return found


def _owns(following: Sequence[Word]) -> bool:
    """Whether a noun phrase follows that can be owned."""
    for place, word in enumerate(following):
        if word.low in PREDICATED and (place + 1 == len(following) or following[place + 1].is_mark):
            return False
        if word.tag in NOUNS:
            return True
        if word.tag not in {"JJ", "JJR", "JJS", "CD"} and not (place == 0 and word.tag == "RB"):
            return False
    return False


@cache
def _stemmer() -> Callable[[str], Any]:
    from Stemmer import Stemmer

    stemmer: Callable[[str], Any] = Stemmer("english").stemWord
    return stemmer
