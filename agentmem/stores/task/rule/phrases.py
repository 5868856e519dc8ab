"""Pieces of a sentence: segments between commas and conjunctions, noun phrases, and values cut clean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agentmem.stores.task.rule.cues import opening, patterns
from agentmem.stores.task.rule.words import FINITE, NOUNS, PREDICATED, Sentence, Word, span

SUBORDINATE = {
    "because",
    "since",
    "although",
    "though",
    "if",
    "when",
    "while",
    "unless",
    "as",
    "whereas",
    "cause",
    "cos",
    "until",
    "whenever",
    "where",
}
RETURNING = {"before", "originally", "planned", "well", "first", "initially"}
"""What follows "as" where it gives no reason: "as before"."""
DETERMINERS = {"DT", "PDT", "PRP$", "WDT", "WP$"}
PRONOUNS = {
    "i",
    "we",
    "you",
    "he",
    "she",
    "it",
    "they",
    "me",
    "us",
    "him",
    "her",
    "them",
    "this",
    "that",
    "these",
    "those",
    "one",
    "ones",
    "which",
    "what",
    "who",
    "everyone",
    "everybody",
    "someone",
    "somebody",
    "anyone",
    "anything",
    "something",
    "nothing",
    "everything",
    "myself",
    "mine",
    "ours",
    "yours",
    "both",
    "all",
    "some",
    "any",
    "there",
    "whoever",
    "whatever",
    "people",
    "most",
    "half",
    "others",
    "else",
    "thing",
    "things",
    "way",
}
ADVERBIAL = {
    "now",
    "then",
    "today",
    "here",
    "there",
    "time",
    "moment",
    "start",
    "end",
    "meantime",
    "course",
    "fact",
    "case",
    "idea",
    "clue",
    "mind",
    "bit",
    "lot",
}


@dataclass(frozen=True)
class Segment:
    """Part of a sentence.

    Attributes:
        words: Its words and inner marks.
        link: What joins it to the one before: empty, a mark, or a conjunction.
        text: As said.
    """

    words: tuple[Word, ...]
    link: str
    text: str

    @property
    def low(self) -> str:
        """Its text in lower case with straight apostrophes."""
        return plain(self.text)

    @property
    def is_clause(self) -> bool:
        """Whether a finite verb is in it."""
        return any(word.tag in FINITE for word in self.words)

    @property
    def is_reason(self) -> bool:
        """Whether it gives a reason or a condition, so that no value is in it."""
        return self.link in SUBORDINATE or self.link == "so that"


def plain(text: str) -> str:
    """In lower case with straight apostrophes, of the same length."""
    low = text.replace("\u2019", "'").lower()
    return low if len(low) == len(text) else text.replace("\u2019", "'")


def body(sentence: Sentence, text: str) -> Sentence:
    """A sentence without what opens it and without the mark that ends it; all of it where nothing is left."""
    words = list(sentence)
    while words and words[-1].is_mark and words[-1].low not in {")", "%"}:
        words.pop()
    if not words:
        return ()
    said = plain(span(words, text))
    skip = words[0].start + opening(said)
    kept = tuple(word for word in words if word.start >= skip)
    return kept or tuple(words)


def segments(sentence: Sentence, text: str) -> list[Segment]:
    """The sentence in segments, in its order."""
    found: list[Segment] = []
    current: list[Word] = []
    link = ""
    place = 0
    words = list(sentence)

    def close(next_link: str) -> None:
        nonlocal current, link
        while current and current[-1].is_mark:
            current.pop()
        onward = (
            current
            and found
            and link == ","
            and current[0].low in {"to", "until"}
            and not _begins_clause(current)
        )
        if onward:
            before = found.pop()
            joined = (*before.words, *current)
            found.append(Segment(joined, before.link, span(joined, text)))
        elif current:
            found.append(Segment(tuple(current), link, span(current, text)))
        elif link and next_link == ",":
            next_link = link
        current = []
        link = next_link

    while place < len(words):
        word = words[place]
        rest = words[place + 1 :]
        if (
            word.is_mark
            and word.low in {",", ";", ":", "-", "--", "–", "—", "(", ")", "...", "…"}
            and not _tight(words, place)
        ):
            close(word.low if word.low == ":" else ",")
        elif word.low in {"and", "but", "or", "plus"} and (_begins_clause(rest) or not current):
            close(word.low)
        elif word.low == "so" and rest and rest[0].low == "that" and rest[2:] and rest[1].tag not in FINITE:
            close("so that")
            place += 1
        elif word.low == "so" and (not current or (rest and rest[0].tag not in {"JJ", "RB"})) and rest:
            close("so")
        elif word.low == "which" and current and rest and link != "so" and words[place - 1].low == ",":
            close("which")
            current = [word]
        elif (
            word.low in SUBORDINATE
            and rest
            and place
            and (words[place - 1].low == "," or (not current and found))
        ):
            if word.low == "as" and (
                rest[0].low in RETURNING
                or (
                    len(rest) > 1
                    and rest[1].low in {"had", "was", "were", "said", "did", "planned", "agreed"}
                )
            ):
                current.append(word)
            else:
                close(word.low)
        elif (
            word.low in {"because", "since", "though", "although", "if", "unless"}
            and current
            and _begins_clause(rest)
        ):
            close(word.low)
        else:
            current.append(word)
        place += 1
    close("")
    return found


def _tight(words: Sequence[Word], place: int) -> bool:
    """Whether a mark stands inside a word or number."""
    if place == 0 or place + 1 >= len(words):
        return False
    mark = words[place]
    return words[place - 1].end == mark.start and words[place + 1].start == mark.end


def _begins_clause(words: Sequence[Word]) -> bool:
    """Whether what follows, up to the next mark or conjunction, has a finite verb of its own."""
    for place, word in enumerate(words):
        if word.is_mark or word.low in {"and", "but"}:
            return False
        if word.tag in FINITE or (place == 0 and word.tag == "VB"):
            return True
        if word.tag in {"WDT", "WP", "WRB"} and place > 0:
            return False
    return False


@dataclass(frozen=True)
class Phrase:
    """A noun phrase, a number or a name, with the preposition before it.

    Attributes:
        words: Without the preposition.
        preposition: The word before it that leads it; empty where none does.
        place: Where in the segment its first word is.
    """

    words: tuple[Word, ...]
    preposition: str
    place: int

    @property
    def start(self) -> int:
        """Its first character."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """The character behind its last."""
        return self.words[-1].end

    @property
    def is_pronoun(self) -> bool:
        """Whether it stands for something named elsewhere, or for nobody's value."""
        return self.words[0].low in {"something", "anything", "nothing", "everything"} or all(
            word.low in PRONOUNS or word.tag in {"PRP", "DT", "PDT", "WP", "WDT", "EX"} for word in self.words
        )


def phrases(words: Sequence[Word]) -> list[Phrase]:
    """The noun phrases of a segment, in its order."""
    found: list[Phrase] = []
    place = 0
    while place < len(words):
        end = _phrase_end(words, place)
        if end > place:
            before = words[place - 1] if place else None
            preposition = before.low if before is not None and before.tag in {"IN", "TO", "RP"} else ""
            found.append(Phrase(tuple(words[place:end]), preposition, place))
            place = end
        else:
            place += 1
    return found


def _phrase_end(words: Sequence[Word], start: int) -> int:
    """Where a noun phrase that begins at `start` ends; `start` where none does."""
    place = start
    while place < len(words) and (
        words[place].tag in DETERMINERS or words[place].low in {"half", "all", "both"}
    ):
        place += 1
    first = place
    end = start
    if place == start and place < len(words) and words[place].tag == "PRP":
        return place + 1
    while place < len(words):
        word = words[place]
        if (
            word.tag in NOUNS
            or word.tag == "CD"
            or word.low in {"one", "ones", "pm", "am"}
            or re.match(r"\d", word.low)
        ):
            end = place + 1
        elif word.tag in {"JJ", "JJR", "JJS", "RBS"}:
            last = place + 1 == len(words) or words[place + 1].is_mark
            if first > start or (last and end == place and place > start and word.low not in PREDICATED):
                end = place + 1
        elif word.low == "%":
            end = place + 1
        elif not _leads_on(words, place, start):
            break
        place += 1
    if end == start and first > start:
        return first
    if end > start and end < len(words) and words[end].tag == "POS":
        end += 1
    return _extended(words, start, end)


def _leads_on(words: Sequence[Word], place: int, start: int) -> bool:
    """Whether a word that ends no phrase may stand within one."""
    word = words[place]
    following = words[place + 1].tag if place + 1 < len(words) else ""
    if word.tag in {"VBN", "VBG"}:
        return following in NOUNS | {"JJ"}
    if word.tag == "RB":
        return following in {"JJ", "CD"} and place > start
    return word.tag in {"POS", "HYPH", "$", "SYM"} or word.low in {"&", "/"}


def _extended(words: Sequence[Word], start: int, end: int) -> int:
    """The end with "of …", "and …" of a like phrase, and a time that follows."""
    if end <= start or end >= len(words):
        return end
    following = words[end]
    last = words[end - 1]
    if following.low == "of" and end + 1 < len(words):
        inner = _phrase_end(words, end + 1)
        if inner > end + 1:
            return inner
    if (
        following.low in {"by", "x", "×"}
        and last.tag == "CD"
        and end + 1 < len(words)
        and words[end + 1].tag == "CD"
    ):
        return end + 2
    if following.low in {"and", "&", "or"} and end + 1 < len(words):
        inner = _phrase_end(words, end + 1)
        if inner > end + 1 and words[end + 1].tag != "PRP":
            return inner
    is_day = last.tag in {"NNP", "CD"} or last.low[-2:] in {"th", "st", "nd", "rd"}
    if following.low in {"at", "to", "until", "till"} and is_day and end + 1 < len(words):
        inner = _phrase_end(words, end + 1)
        timely = inner > end + 1 and any(
            word.tag == "CD" or re.match(r"\d", word.low) or word.low in {"noon", "midnight", "half"}
            for word in words[end + 1 : inner]
        )
        if timely:
            return inner
    return end


def cut_tail(value: str) -> str:
    """A value without the politeness, doubt and time words behind it."""
    pattern = patterns("tail")[0]
    while True:
        low = plain(value)
        match = pattern.search(low.rstrip(" ,.;:!?…-–—"))
        if match is None or match.start() == 0:
            return value.rstrip(" ,.;:!?…-–—")
        value = value[: match.start()].rstrip(" ,.;:!?…-–—")
