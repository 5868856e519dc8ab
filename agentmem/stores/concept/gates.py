"""Gates before the memory: what leaks its source problem, what is no idea, and what is too long stays out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from agentmem.records import Text, Value
from agentmem.stores.concept.leakage import Own, leaks_in, own_of
from agentmem.stores.concept.naming import normal
from agentmem.stores.concept.operations import Told
from agentmem.stores.concept.problems import Problem

T = TypeVar("T", bound=Told)


class GatePolicy(Value):
    """What is let through.

    Attributes:
        cues: How many cues an entry may come with.
        notes: How many notes.
        parameters: How many parameters.
        longest: Characters of a description, a cue or a note.
        longest_title: Characters of a title or an alias.
        longest_word: Characters of a word in any of them: longer ones are noise, or data.
        title_words: Words of a title; more are a sentence. (An open-ended one's is a situation: twice that.)
        least_words: Words of a rule, and of a suggestion: what has fewer advises nothing.
        plain_numbers: Numbers that leak nothing: none, one, two, and the halves and pairs they stand for.
        plain_phrases: Patterns of phrases whose numbers leak nothing, whatever the problem says.
    """

    cues: int = 8
    notes: int = 8
    parameters: int = 8
    longest: int = 600
    longest_title: int = 200
    longest_word: int = 60
    title_words: int = 15
    least_words: int = 2
    plain_numbers: tuple[str, ...] = ("0", "1", "2")
    plain_phrases: tuple[str, ...] = (
        r"\b(?:45|90|180|270|360)[ -]?(?:degrees?\b|°)",
        r"\b100 ?(?:%|percent\b)",
    )


class Fault(Value):
    """Why something is not let through.

    Attributes:
        gate: `leak`, `junk` or `size`.
        reason: In words, for whoever wrote it.
    """

    gate: Text
    reason: Text


LONGEST_REPLY = 240
"""Characters of a reply about a task: a longer text may begin with one, and go on to what was asked for."""
_ABOUT = r"(?:context|information|solutions?|problems?|concepts?|examples?|questions?|pseudocode)"
_GIVEN = r"(?:given|provided|supplied|specified|included)"
_DOES = (
    r"(?:abstract|access|answer|assist|complete|create|determine|extract|find|generate|help|identify|infer)"
)
_META = re.compile(
    rf"\bno (?:\w+ )?{_ABOUT} (?:was|were|is|are|has been|have been) {_GIVEN}\b"
    rf"|\b{_ABOUT}\b[^.;]{{0,30}} (?:was|were|is|are|has|have) not (?:been )?{_GIVEN}\b"
    r"|\bas an ai\b|\b(?:large )?language model\b"
    rf"|\b(?:insufficient|not enough|(?:need|require)s? more) {_ABOUT}\b"
    rf"|\bi(?: am|'m)? (?:cannot|can't|can not|could not|unable to|not able to) {_DOES}\b"
    rf"|\bi (?:do not|don't) (?:have|see) (?:access|enough|any|the|a) \w*\b"
    r"|\bi(?:'m| am) sorry\b|^\W*(?:sorry|apologies|unfortunately)\b|\bi apologi[sz]e\b"
    rf"|\b(?:please|could you|can you) (?:please )?(?:provide|share|supply|paste) [^.;]{{0,30}}\b{_ABOUT}\b"
    r"|\b(?:nothing|no (?:new )?(?:concepts?|lessons?|rules?|ideas?)) (?:to|can be|could be) "
    r"(?:abstract|extract|learn|add|report)(?:ed|ned|ted)?\b"
    r"|^\W*here (?:is|are) (?:the|a|an|my|some|your)\b|^\W*(?:sure|certainly|of course)[,!]"
    r"|^\W*(?:n/a|not applicable|placeholder)\W*$|^\W*(?:todo|tbd|fixme)\b\W*(?:$|:)|\blorem ipsum\b"
    r"|</?memory-|recalled memory:|\{\s*\"(?:entries|action|concept|title|cues|pairs|lessons|operations)\"",
    re.IGNORECASE,
)
"""What a model says about its task in the place of an idea."""
_EMPTY_TITLES = frozenset(
    (
        *("title", "name", "concept", "concept title", "concept name", "new concept", "example", "string"),
        *("untitled", "none", "null", "unknown", "situation", "suggestion", "rule", "lesson", "description"),
        *(
            "entry",
            "text",
            "when",
            "success",
            "failure",
            "add",
            "agree",
            "edit",
            "remove",
            "problem",
            "solution",
        ),
        *("solve the problem", "solve problem"),
    )
)
_WORD = re.compile(r"[^\W\d_]{2,}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Two letters side by side, or one of a script that writes words so."""


def faults(
    told: Told, problems: Sequence[Problem], policy: GatePolicy, known: Iterable[str] = ()
) -> list[Fault]:
    """What keeps an entry out; none where it may enter.

    Args:
        told: What is to be written.
        problems: The problems it comes from.
        policy: What is let through.
        known: Identifiers that belong to a library, and so to no problem.
    """
    names = frozenset(known)
    return _faults(told, own_of(tuple(problems), policy.plain_numbers, names), policy, names)


def is_reply(text: str) -> bool:
    """Whether a text is a model's reply about its task, and nothing else."""
    return len(text) <= LONGEST_REPLY and _META.search(text) is not None


def without_faulty(
    told: T, problems: Sequence[Problem], policy: GatePolicy, known: Iterable[str] = ()
) -> tuple[T, list[Fault]]:
    """What is told less the cues and notes that are kept out by themselves or are too many, and why they are.

    An entry may be sound though a cue of it says a number of its problem.
    """
    names = frozenset(known)
    own = own_of(tuple(problems), policy.plain_numbers, names)
    kept: dict[str, tuple[str, ...]] = {}
    found: list[Fault] = []
    for field in ("cues", "notes"):
        sound = []
        for text in getattr(told, field):
            wrong = _faults(Told(**{field: (text,)}), own, policy, names)
            found += wrong[:1]
            sound += [] if wrong else [text]
        most = getattr(policy, field)
        if len(sound) > most:
            found.append(_too_many(field, len(sound), most))
        kept[field] = tuple(sound[:most])
    return told.altered(kept), found


def _faults(told: Told, own: Own, policy: GatePolicy, known: frozenset[str]) -> list[Fault]:
    return [*_sizes(told, policy), *_junk(told, policy), *_leaks(told, own, policy, known)]


def _too_many(field: str, count: int, most: int) -> Fault:
    return Fault(gate="size", reason=f"{count} {field}, at most {most}: merge or leave out")


def _sizes(told: Told, policy: GatePolicy) -> list[Fault]:
    found = []
    for name in ("cues", "notes", "parameters"):
        count, most = len(getattr(told, name)), getattr(policy, name)
        if count > most:
            found.append(_too_many(name, count, most))
    for name, text in _texts(told):
        most = policy.longest_title if name in ("title", "alias") else policy.longest
        if len(text) > most:
            found.append(Fault(gate="size", reason=f"{name} has {len(text)} characters, at most {most}"))
    return found


def _junk(told: Told, policy: GatePolicy) -> list[Fault]:
    found = []
    title = told.title or ""
    most = policy.title_words * (2 if getattr(told, "form", "ps") != "ps" else 1)
    if title and (not _WORD.search(title) or normal(title) in _EMPTY_TITLES):
        found.append(Fault(gate="junk", reason=f"the title {title[:40]!r} names no idea"))
    if len(title.split()) > most:
        found.append(Fault(gate="junk", reason=f"the title has {len(title.split())} words, at most {most}"))
    form = getattr(told, "form", "ps")
    advice = {"rule": ("the rule", title), "oe": ("the suggestion", told.description)}.get(form)
    if (
        advice
        and advice[1]
        and (_words(advice[1]) < policy.least_words or normal(advice[1]) in _EMPTY_TITLES)
    ):
        found.append(Fault(gate="junk", reason=f"{advice[0]} {advice[1][:40]!r} advises nothing"))
    for name, text in _texts(told):
        meta = _META.search(text)
        if meta:
            found.append(Fault(gate="junk", reason=f"{name} talks of its task, not of an idea: {meta[0]!r}"))
        word = max(text.split(), key=len)
        if len(word) > policy.longest_word and (word.isascii() or not _WORD.search(word)):
            found.append(Fault(gate="junk", reason=f"{name} has a word of {len(word)} characters"))
    doubled = [
        text for _, text in _texts(told, "description", "cues", "notes") if normal(text) == normal(title)
    ]
    if doubled and title and not told.parameters:
        found.append(Fault(gate="junk", reason="it says no more than its title"))
    return found


def _words(text: str) -> int:
    """Words of a text; of a script without spaces, two letters are one."""
    return max(len(text.split()), sum(not one.isascii() and one.isalpha() for one in text) // 2)


def _leaks(told: Told, own: Own, policy: GatePolicy, known: frozenset[str]) -> list[Fault]:
    """Numbers and names of the problem in what should hold for others."""
    found = []
    for name, text in _texts(told):
        for leaked in leaks_in(text, own, known, policy.plain_phrases):
            found.append(_leak(name, leaked, own))
    for one in told.parameters:
        for leaked in leaks_in(one.name, Own(own.numbers, frozenset()), known):
            found.append(_leak(f"the parameter {one.name[:40]!r}", leaked, own))
    return found


def _leak(where: str, leaked: str, own: Own) -> Fault:
    remedy = "make it a parameter" if leaked in own.numbers else "say it in words that fit other problems"
    reason = f"{where} says {leaked[:80]!r}, which is this problem's own: {remedy}"
    return Fault(gate="leak", reason=reason)


def _texts(told: Told, *fields: str) -> list[tuple[str, str]]:
    """The texts of what is told, each with the name of its field."""
    given = {
        "title": [told.title or ""],
        "alias": list(told.aliases),
        "description": [told.description],
        "cues": list(told.cues),
        "notes": list(told.notes),
        "parameters": [one.description for one in told.parameters],
    }
    wanted = fields or tuple(given)
    return [(name, text) for name in wanted for text in given[name] if text.strip()]
