"""What a segment says of a value: which stretch of it may be one, and how strongly the grammar says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agentmem.stores.task.rule.cues import has
from agentmem.stores.task.rule.phrases import ADVERBIAL, PRONOUNS, Phrase, Segment, phrases, plain
from agentmem.stores.task.rule.words import FINITE, NOUNS, Word

SHORT = 3
"""Words of a fragment that can be a value whatever their tags."""

ADVERBS = {
    "not",
    "n't",
    "again",
    "now",
    "then",
    "instead",
    "too",
    "well",
    "already",
    "there",
    "here",
    "back",
    "soon",
}
MAKING = {"make", "making", "keep", "paint", "turn", "call"}
"""Verbs that make something of what they name first: "make the cloth nylon"."""
COMMAND = 5.0
RESULT = 5.0
TITLED = 5.0
FRAGMENT = 4.0
STATED = 4.0
APPROVED = 4.0
DOER = 3.5
FRONTED = 3.5
MEANT = 3.0
MEASURED = 2.0
TOLD = 0.5

POINTING = {"it", "that", "this", "which", "those", "these", "they", "there", "what"}
SPEAKERS = {"i", "we", "you"}
BE = {
    "is",
    "are",
    "was",
    "were",
    "be",
    "'s",
    "'re",
    "been",
    "becomes",
    "become",
    "means",
    "will",
    "would",
    "should",
}
TO_VERBS = re.compile(
    r"^(?:change|switch|move|shift|set|push|raise|lower|increase|decrease|reduce|extend|cut|bump|bring|drop|scale|"
    r"turn|postpone|delay|reschedule|adjust|update|alter|go|stretch|get|come|take|pull|crank|cap|round|rename|put)"
)
DECIDED = re.compile(
    r"\b(?:decided|chose|picked|went|settled|took|agreed|booked|signed|found|hired|opted|'d|had|reserved|ordered|bought)\b"
)
SETTLED_WITH = re.compile(
    r"\b(?:happy|fine|ok|okay|good|content|satisfied|sticking|going) with\b|"
    r"\b(?:has|have|had) to be\b|\bmust be\b"
)
"""What makes of what follows a value, whoever says it."""
NEGATED = re.compile(r"\b(?:not|n't|never|don't)\b")
REPORTED = re.compile(
    r"\b(?:says|said|suggests|suggested|voted|picked|chose|prefers|recommends|recommended|reckons)\b"
)
"""Verbs by which somebody's choice is told."""
INSTEAD = re.compile(
    r"\b(?:instead of|rather than|in place of|in lieu of|as opposed to|but not|and not|not)\s+(?P<old>.+)$"
)


@dataclass(frozen=True)
class Candidate:
    """A stretch that may be a value.

    Attributes:
        phrase: The stretch.
        strength: How strongly the grammar says so.
        stands_for: Whether it is a pronoun, so that the value was said before.
        is_doer: Whether it is who or what does something.
    """

    phrase: Phrase
    strength: float
    stands_for: bool = False
    is_doer: bool = False


@dataclass(frozen=True)
class Clause:
    """A segment as subject, verbs and what follows.

    Attributes:
        subject: Before the verbs; all of it where there is no verb.
        verbs: With their auxiliaries and adverbs.
        rest: After them.
    """

    subject: tuple[Word, ...]
    verbs: tuple[Word, ...]
    rest: tuple[Word, ...]

    @property
    def has_verb(self) -> bool:
        """Whether it is a clause."""
        return bool(self.verbs)


def parsed(words: Sequence[Word], names: frozenset[int], acting: frozenset[Word] = frozenset()) -> Clause:
    """The clause of a segment; words at `names` are titles of slots, so no verbs.

    A verb at the very start is a command.
    """
    first = next(
        (
            place
            for place, word in enumerate(words)
            if (place not in names or word.tag == "MD" or _after_subject(words, place) or word in acting)
            and (
                (word.tag in FINITE and (word.tag != "VBD" or place > 0))
                or (word.tag == "VB" and place == 0)
                or word.low in {"let's", "lets"}
                or (word in acting and place > 0 and words[place - 1].tag in NOUNS | {"PRP"})
            )
            and not (
                word.tag != "MD"
                and place
                and (words[place - 1].tag == "PRP$" or words[place - 1].low in {"the", "a", "an"})
            )
        ),
        None,
    )
    if first is None:
        return Clause(tuple(words), (), ())
    end = first + 1
    while end < len(words) and (
        (words[end].low == "'s" and words[end - 1].low == "let")
        or (
            words[end].tag in {"VB", "VBN", "VBG", "VBD", "RB", "RP", "TO", "MD", "VBP"}
            and end not in names
            and not (words[end].tag == "RB" and end + 1 == len(words) and words[end].low not in ADVERBS)
            and not (words[end].tag == "TO" and not (end + 1 < len(words) and words[end + 1].tag == "VB"))
        )
    ):
        end += 1
    return Clause(tuple(words[:first]), tuple(words[first:end]), tuple(words[end:]))


def _after_subject(words: Sequence[Word], place: int) -> bool:
    """Whether a word stands behind a pronoun that is a subject, so that it is a verb."""
    return place > 0 and words[place - 1].tag == "PRP" and words[place].tag in FINITE


def candidates(
    segment: Segment, names: frozenset[int], is_command: bool, acting: frozenset[Word] = frozenset()
) -> list[Candidate]:
    """What may be a value in a segment, best first for equal strength.

    Args:
        segment: The segment, without what opens it.
        names: Places of words that name slots.
        acting: Words that are verbs of titles, so that their subject is a value.
        is_command: Whether the sentence asks for a change by its form.
    """
    words = list(segment.words)
    old = INSTEAD.search(segment.low)
    if old is not None and old.start() > 0:
        words = [word for word in words if word.start < segment.words[0].start + old.start()]
    clause = parsed(words, names, acting)
    named = {segment.words[place] for place in names if place < len(segment.words)}
    if NEGATED.search(plain(" ".join(word.text for word in clause.verbs))) and (
        not clause.subject or is_command
    ):
        return []
    if not clause.has_verb:
        return _fragment(segment, clause.subject, named)
    return _clause(segment, clause, named, is_command)


def _fragment(segment: Segment, words: Sequence[Word], named: set[Word]) -> list[Candidate]:
    strength = RESULT if segment.link == "so" else FRAGMENT
    if re.match(r"(?:too|much too|far too|way too|some(?:where|thing|one|body))\b", segment.low):
        return []
    found = [
        Candidate(phrase, strength - 1.5 * place, stands_for=_points(phrase))
        for place, phrase in enumerate(_valued(words, named, pointing=True))
    ]
    telling = [word for word in words if not word.is_mark and word.tag not in {"IN", "TO", "CC", "UH", "PRP"}]
    plainly = all(
        word.tag[:2] in {"NN", "JJ", "CD", "FW", "DT"} or (word.tag[:2] == "VB" and len(telling) == 1)
        for word in telling
    )
    if (
        not found
        and plainly
        and 0 < len(telling) <= SHORT
        and not any(word in named or word.low in PRONOUNS for word in telling)
    ):
        found.append(Candidate(Phrase(tuple(words), "", 0), strength - 0.5))
    return found


def _clause(segment: Segment, clause: Clause, named: set[Word], is_command: bool) -> list[Candidate]:
    parts = _parts(segment, clause, named, is_command)
    strength = _strength(parts)
    found = _said_alone(parts) + _of_rest(parts, strength)
    found = found or _of_any_tag(parts, strength)
    found += _fronted(parts)
    if parts.head is not None and not (parts.speaks or parts.points or parts.bare or parts.commands):
        found += _of_subject(parts)
    head = parts.head
    says_title = any(word in named for word in clause.rest) or not clause.rest
    pointing = head is not None and head.words[-1].low in {"that", "this", "it"}
    if head is not None and pointing and not found and says_title and (parts.points or parts.commands):
        found.append(Candidate(head, strength - 1, stands_for=True))
    return found


@dataclass(frozen=True)
class _Parts:
    """What is known of a clause before a value is looked for.

    Attributes:
        segment: The segment that it is.
        clause: Its subject, verbs, and rest.
        named: Words that name slots.
        head: The subject's last phrase.
        rest: Phrases behind the verbs, the likeliest value first.
        predicate: What is said of the subject, in lower case.
        commands: Whether it asks for a change.
        bare: Whether its subject is nothing but the title of a slot.
    """

    segment: Segment
    clause: Clause
    named: set[Word]
    head: Phrase | None
    rest: list[Phrase]
    predicate: str
    commands: bool
    bare: bool

    @property
    def verbs(self) -> list[str]:
        """Its verbs, in lower case."""
        return [word.low for word in self.clause.verbs]

    @property
    def refused(self) -> bool:
        """Whether it denies or complains."""
        return has("refusal", self.predicate)

    @property
    def speaks(self) -> bool:
        """Whether its subject is who speaks or is spoken to."""
        return self.head is not None and self.head.words[-1].low in SPEAKERS

    @property
    def points(self) -> bool:
        """Whether its subject stands for something named elsewhere."""
        return self.head is not None and self.head.words[-1].low in POINTING


def _parts(segment: Segment, clause: Clause, named: set[Word], is_command: bool) -> _Parts:
    verbs = [word.low for word in clause.verbs]
    subject = phrases(clause.subject)
    rest = _ordered(_valued(clause.rest, named, pointing=True), verbs)
    if len(rest) > 1 and rest[0].preposition != "for":
        rest = [phrase for phrase in rest if phrase.preposition != "for"]
    if set(verbs) & MAKING and rest:
        rest = [_behind_title(rest[0], named), *rest[1:]]
    telling = [word for word in clause.subject if word.tag not in {"DT", "PRP$", "PDT"}]
    last = [word for word in subject[-1].words if word.tag not in {"DT", "PRP$", "PDT"}] if subject else []
    return _Parts(
        segment=segment,
        clause=clause,
        named=named,
        head=subject[-1] if subject else None,
        rest=rest,
        predicate=plain(" ".join(word.text for word in (*clause.verbs, *clause.rest))),
        commands=not clause.subject or is_command or verbs[0] in {"let", "let's", "lets"},
        bare=any(bool(some) and all(word in named for word in some) for some in (telling, last)),
    )


def _strength(parts: _Parts) -> float:
    """How strongly the form of a clause says that what follows its verbs is a value."""
    verbs = " ".join(parts.verbs)
    so = parts.segment.link == "so"
    equates = parts.points and parts.verbs[0] in BE
    if parts.commands:
        strength = COMMAND
    elif parts.bare:
        strength = TITLED
    elif equates and not any(word.tag in {"VBG", "VBN"} for word in parts.clause.verbs):
        strength = RESULT if so else STATED
    elif parts.speaks and (parts.clause.verbs[0].tag != "VBD" or DECIDED.search(verbs)):
        strength = MEANT
    else:
        strength = MEANT if REPORTED.search(verbs) else TOLD
    strength += 0.5 * (so and strength > TOLD)
    agreed = SETTLED_WITH.search(parts.predicate) is not None and not parts.refused
    return max(strength, STATED) if agreed else strength


def _said_alone(parts: _Parts) -> list[Candidate]:
    """The speaker, who takes a step on: "I'll drive"."""
    head = parts.head
    acts = parts.speaks and any(word in parts.named for word in parts.clause.verbs)
    if head is None or not acts or parts.rest or parts.refused or head.words[-1].low == "you":
        return []
    return [Candidate(head, DOER, is_doer=True)]


def _of_rest(parts: _Parts, strength: float) -> list[Candidate]:
    """What follows the verbs."""
    found = []
    for place, phrase in enumerate(parts.rest):
        base = MEASURED if strength == TOLD and _measured(phrase) else strength
        lost = 0.3 * place + _pointed(phrase)
        found.append(Candidate(phrase, base - lost, stands_for=_points(phrase)))
    return found


def _of_any_tag(parts: _Parts, strength: float) -> list[Candidate]:
    """What follows a command where the tags show no phrase: "let's do cacti"."""
    if not parts.commands:
        return []
    short = [word for word in parts.clause.rest if not word.is_mark and word.tag not in {"IN", "TO", "DT"}]
    if len(short) == 1:
        word = short[0]
        told = word not in parts.named and word.low not in PRONOUNS | ADVERBIAL
        fits = told and word.tag[:2] in {"NN", "JJ", "CD", "FW", "RB", "VB"}
        return [Candidate(Phrase((word,), "", 0), strength - 1.0)] if fits else []
    last = parts.clause.verbs[-1]
    if len(parts.clause.verbs) > 1 and last.tag[:2] == "VB" and last.low not in {"be", "do", "go"}:
        return [Candidate(Phrase((last,), "", 0), strength - 1.5)]
    return []


def _fronted(parts: _Parts) -> list[Candidate]:
    """What stands before the subject: "Friday at five they'd show us"."""
    head = parts.head
    if head is None:
        return []
    before = [phrase for phrase in _valued(parts.clause.subject, parts.named) if phrase.end <= head.start]
    return [Candidate(phrase, TOLD if parts.refused else FRONTED) for phrase in before]


def _of_subject(parts: _Parts) -> list[Candidate]:
    """The subject, where it is approved of, or does what a slot asks somebody to do."""
    value = next(iter(_valued(parts.head.words, parts.named)), None) if parts.head is not None else None
    if value is None or parts.refused:
        return []
    clause = parts.clause
    leaves_open = all(map(_points, parts.rest))
    if leaves_open and any(word in parts.named for word in (*clause.verbs, *clause.rest)):
        return [Candidate(value, STATED + 0.5, is_doer=True)]
    if has("approval", parts.predicate) or any(word.tag == "JJR" for word in clause.rest):
        return [Candidate(value, APPROVED)]
    described = not parts.rest and any(word.tag.startswith(("JJ", "RB", "VBN")) for word in clause.rest)
    if leaves_open and not (described and set(parts.verbs) & BE) and _acts(value):
        return [Candidate(value, DOER, is_doer=True)]
    return [Candidate(value, TOLD - 0.5, is_doer=True)]


def _behind_title(phrase: Phrase, named: set[Word]) -> Phrase:
    """What a phrase says behind the title that it begins with: "the cloth nylon"."""
    lead = 1 if phrase.words[0].tag in {"DT", "PRP$"} else 0
    end = lead
    while end < len(phrase.words) and phrase.words[end] in named:
        end += 1
    return phrase if end in {lead, len(phrase.words)} else Phrase(phrase.words[end:], "", phrase.place + end)


def _measured(phrase: Phrase) -> bool:
    """Whether a phrase is a number, a date or a time."""
    return any(word.tag == "CD" or word.low[0].isdigit() for word in phrase.words if word.low != "one")


def _pointed(phrase: Phrase) -> float:
    """What a phrase loses that points to something named before: "that day"."""
    return 1.5 if len(phrase.words) > 1 and phrase.words[0].low in {"that", "this", "these", "those"} else 0.0


def _acts(phrase: Phrase) -> bool:
    """Whether a phrase names a person: a proper name, or somebody's somebody."""
    lone = len(phrase.words) == 1 and phrase.words[0].text[:1].isupper()
    return lone or any(word.tag in {"NNP", "PRP$"} for word in phrase.words)


def _ordered(found: list[Phrase], verbs: Sequence[str]) -> list[Phrase]:
    """After a verb of changing, what it changes to comes first."""
    if any(TO_VERBS.match(verb) for verb in verbs):
        return sorted(found, key=lambda phrase: phrase.preposition not in {"to", "into"})
    return found


def _points(phrase: Phrase) -> bool:
    return all(
        word.low
        in {"it", "that", "this", "those", "these", "one", "ones", "them", "which", "him", "her", "the"}
        for word in phrase.words
    )


def _valued(words: Sequence[Word], named: set[Word], pointing: bool = False) -> list[Phrase]:
    """Phrases that are no bare title of a slot, no pronoun and no adverb of time."""
    found = []
    for phrase in phrases(words):
        if phrase.is_pronoun and not (pointing and _points(phrase)):
            continue
        telling = [word for word in phrase.words if word.tag not in {"DT", "PRP$", "PDT", "IN"}]
        if telling and all(word in named for word in telling) and phrase.words[0].low not in {"a", "an"}:
            continue
        lead = next(
            (place for place, word in enumerate(phrase.words) if word not in named and word in telling), 0
        )
        if (
            lead
            and phrase.words[lead].tag in {"JJ", "CD", "NNP", "JJR"}
            and any(word in named for word in phrase.words[:lead])
        ):
            found.append(Phrase(phrase.words[lead:], "", phrase.place + lead))
        elif _points(phrase) or not all(word.low in ADVERBIAL | PRONOUNS for word in telling):
            found.append(phrase)
    return found
