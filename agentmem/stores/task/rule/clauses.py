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
LONE = 1
"""Words behind a command that can be a value whatever their tags."""

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
    r"\b(?:happy|fine|ok|okay|good|content|satisfied|sticking|going) with\b|\b(?:has|have|had) to be\b|\bmust be\b"
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
    words = [word for word in segment.words]
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
    verbs = [word.low for word in clause.verbs]
    subject = phrases(clause.subject)
    head = subject[-1] if subject else None
    fronted = [phrase for phrase in subject[:-1] if not phrase.is_pronoun] if head is not None else []
    rest = _ordered(_valued(clause.rest, named, pointing=True), verbs)
    if len(rest) > 1 and rest[0].preposition != "for":
        rest = [phrase for phrase in rest if phrase.preposition != "for"]
    if set(verbs) & MAKING and rest:
        rest = [_behind_title(rest[0], named), *rest[1:]]
    predicate = plain(" ".join(word.text for word in (*clause.verbs, *clause.rest)))
    refused = has("refusal", predicate)
    found: list[Candidate] = []
    commands = not clause.subject or is_command or verbs[0] in {"let", "let's", "lets"}
    speaks = head is not None and head.words[-1].low in SPEAKERS
    points = head is not None and head.words[-1].low in POINTING
    is_named = head is not None and any(word in named for word in head.words)
    titled = bool(clause.subject) and all(
        word in named for word in clause.subject if word.tag not in {"DT", "PRP$"}
    )
    bare = (
        is_named
        and head is not None
        and all(word in named or word.tag in {"DT", "PRP$", "PDT"} for word in head.words)
    )
    if commands:
        strength = COMMAND
    elif bare or titled:
        strength = TITLED
    elif points and verbs[0] in BE and not any(word.tag in {"VBG", "VBN"} for word in clause.verbs):
        strength = STATED if segment.link != "so" else RESULT
    elif speaks and (clause.verbs[0].tag != "VBD" or DECIDED.search(" ".join(verbs))):
        strength = MEANT
    elif REPORTED.search(" ".join(verbs)):
        strength = MEANT
    else:
        strength = TOLD
    if segment.link == "so" and strength > TOLD:
        strength += 0.5
    acts = speaks and any(word in named for word in clause.verbs) and head is not None
    if acts and head is not None and not rest and not refused and head.words[-1].low != "you":
        found.append(Candidate(head, DOER, is_doer=True))
    content = SETTLED_WITH.search(predicate)
    if content is not None and not refused:
        strength = max(strength, STATED)
    linking = verbs[0] in BE or set(verbs) & BE
    only_adjective = not rest and any(word.tag.startswith(("JJ", "RB", "VBN")) for word in clause.rest)
    for place, phrase in enumerate(rest):
        measured = strength == TOLD and _measured(phrase)
        found.append(
            Candidate(
                phrase,
                (MEASURED if measured else strength) - 0.3 * place - _pointed(phrase),
                stands_for=_points(phrase),
            )
        )
    short = [word for word in clause.rest if not word.is_mark and word.tag not in {"IN", "TO", "DT"}]
    if (
        commands
        and not rest
        and 0 < len(short) <= SHORT
        and not any(w in named or w.low in PRONOUNS | ADVERBIAL for w in short)
    ):
        if short[0].tag[:2] in {"NN", "JJ", "CD", "FW", "RB", "VB"} and len(short) <= LONE:
            found.append(Candidate(Phrase(tuple(short), "", 0), strength - 1.0))
    last = clause.verbs[-1]
    if (
        commands
        and not found
        and len(clause.verbs) > 1
        and last.tag[:2] == "VB"
        and last.low not in {"be", "do", "go"}
    ):
        found.append(Candidate(Phrase((last,), "", 0), strength - 1.5))
    for phrase in _valued(clause.subject, named)[: len(fronted)]:
        if head is not None and phrase.end <= head.start:
            found.append(Candidate(phrase, FRONTED if not refused else TOLD))
    if head is not None and not speaks and not points and not bare and not commands:
        value = next(iter(_valued(head.words, named)), None)
        if value is not None:
            better = any(word.tag == "JJR" for word in clause.rest)
            approved = (better or has("approval", predicate)) and not refused
            says_name = any(word in named for word in (*clause.verbs, *clause.rest))
            if says_name and not refused and all(map(_points, rest)):
                found.append(Candidate(value, STATED + 0.5, is_doer=True))
            elif approved:
                found.append(Candidate(value, APPROVED))
            elif (
                not refused and all(map(_points, rest)) and not (linking and only_adjective) and _acts(value)
            ):
                found.append(Candidate(value, DOER, is_doer=True))
            elif not refused:
                found.append(Candidate(value, TOLD - 0.5, is_doer=True))
    says_title = any(word in named for word in clause.rest) or not clause.rest
    if (
        (points or commands)
        and not found
        and says_title
        and head is not None
        and head.words[-1].low in {"that", "this", "it"}
    ):
        found.append(Candidate(head, strength - 1, stands_for=True))
    return found


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
            phrase = Phrase(phrase.words[lead:], "", phrase.place + lead)
            telling = [word for word in telling if word in phrase.words]
        if all(word.low in ADVERBIAL or word.low in PRONOUNS for word in telling) and not _points(phrase):
            continue
        found.append(phrase)
    return found
