"""Gates before the memory: what leaks its source problem, what is no idea, and what is too long stays out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from agentmem.records import Text, Value
from agentmem.stores.concept.naming import normal
from agentmem.stores.concept.operations import Told
from agentmem.stores.concept.problems import Problem


class GatePolicy(Value):
    """What is let through.

    Attributes:
        cues: How many cues an entry may come with.
        notes: How many notes.
        parameters: How many parameters.
        longest: Characters of a description, a cue or a note.
        title_words: Words of a title; more are a sentence. (An open-ended one's is a situation: twice that.)
        plain_numbers: Numbers that leak nothing: none, one, two, and the halves and pairs they stand for.
    """

    cues: int = 8
    notes: int = 8
    parameters: int = 8
    longest: int = 600
    title_words: int = 15
    plain_numbers: tuple[str, ...] = ("0", "1", "2")


class Fault(Value):
    """Why something is not let through.

    Attributes:
        gate: `leak`, `junk` or `size`.
        reason: In words, for whoever wrote it.
    """

    gate: Text
    reason: Text


_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w]|\.\d)")
_IDENTIFIER = re.compile(r"\b(?:[A-Za-z]+_\w+|[a-z]+[A-Z]\w*|[A-Za-z]+-?\d[\w-]*|\d+[A-Za-z][\w-]*)\b")
_META = re.compile(
    r"\b(?:no (?:context|information|solution|problem|concepts?|examples?|input) (?:was|were|is|are)?"
    r"|(?:was|were|is|are) not (?:given|provided|specified|available)"
    r"|as an ai|language model|i (?:cannot|can't|am unable|do not have|don't have)|i'm sorry|sorry,"
    r"|please provide|n/a|not applicable|todo|tbd|lorem ipsum|placeholder)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")


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
    return [*_sizes(told, policy), *_junk(told, policy), *_leaks(told, problems, policy, set(known))]


def _sizes(told: Told, policy: GatePolicy) -> list[Fault]:
    found = []
    for name in ("cues", "notes", "parameters"):
        count, most = len(getattr(told, name)), getattr(policy, name)
        if count > most:
            found.append(Fault(gate="size", reason=f"{count} {name}, at most {most}: merge or leave out"))
    for name, text in _texts(told):
        if len(text) > policy.longest:
            found.append(
                Fault(gate="size", reason=f"{name} has {len(text)} characters, at most {policy.longest}")
            )
    return found


def _junk(told: Told, policy: GatePolicy) -> list[Fault]:
    found = []
    title = told.title or ""
    most = policy.title_words * (2 if getattr(told, "form", "ps") != "ps" else 1)
    if title and not _WORD.search(title):
        found.append(Fault(gate="junk", reason=f"the title {title!r} has no words"))
    if len(title.split()) > most:
        found.append(Fault(gate="junk", reason=f"the title has {len(title.split())} words, at most {most}"))
    for name, text in _texts(told):
        meta = _META.search(text)
        if meta:
            found.append(Fault(gate="junk", reason=f"{name} talks of its task, not of an idea: {meta[0]!r}"))
    doubled = [
        text for _, text in _texts(told, "description", "cues", "notes") if normal(text) == normal(title)
    ]
    if doubled and title and not told.parameters:
        found.append(Fault(gate="junk", reason="it says no more than its title"))
    return found


def _leaks(told: Told, problems: Sequence[Problem], policy: GatePolicy, known: set[str]) -> list[Fault]:
    """Numbers and identifiers of the problem in what should hold for others."""
    source = "\n".join(text for one in problems for text in (one.problem, one.text, one.solution))
    numbers = set(_NUMBER.findall(source)) - set(policy.plain_numbers)
    names = {name for name in _IDENTIFIER.findall(source) if name not in known}
    names |= {one.problem for one in problems if one.problem}
    found = []
    for name, text in _texts(told):
        told_numbers = [number for number in _NUMBER.findall(text) if number in numbers]
        told_names = [one for one in _IDENTIFIER.findall(text) if one in names]
        told_names += [one.problem for one in problems if one.problem and one.problem in text]
        for leaked in dict.fromkeys((*told_numbers, *told_names)):
            reason = f"{name} says {leaked!r}, which is this problem's own: make it a parameter"
            found.append(Fault(gate="leak", reason=reason))
    return found


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
