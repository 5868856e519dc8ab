"""Reading a PDDL problem, and a domain with it."""

from __future__ import annotations

from pathlib import Path

from agentmem.agents.language import Atom
from agentmem.errors import FormatError, NotFound
from agentmem.worlds.planning.brackets import Group, Word
from agentmem.worlds.planning.domain_file import read_domain
from agentmem.worlds.planning.problem import Domain, PlanningProblem
from agentmem.worlds.planning.reading import Reader

_PAIR = 2


def read_problem(text: str, domain: Domain, file: str = "problem.pddl") -> PlanningProblem:
    """A problem of a domain from its PDDL text.

    Args:
        text: The PDDL.
        domain: The domain that it is of.
        file: What messages call it.

    Raises:
        FormatError: it is no problem, or not of this domain; names file and line.
    """
    reader = Reader(file)
    known = (":domain", ":requirements", ":objects", ":init", ":goal")
    title, sections = reader.sections(text, "problem", known)
    parts: dict[str, Group] = {}
    for section in sections:
        reader.declare(Word(section.head, section.line), "section", section, parts)
    for wanted in (":domain", ":init", ":goal"):
        if wanted not in parts:
            raise reader.fault(title.line, f"the problem `{title.text}` has no `({wanted} …)`", "add it")
    of = parts[":domain"]
    if len(of.items) != _PAIR or reader.word(of.items[1], "a domain").text != domain.name:
        raise reader.fault(
            of.line, f"the problem is not of the domain `{domain.name}`", "give the domain that it names"
        )
    objects = dict(domain.constants)
    for word, kind in reader.typed(parts.get(":objects", Group((), 0)).items[1:], domain.types):
        reader.declare(word, "object", kind, objects)
    goals = parts[":goal"]
    if len(goals.items) != _PAIR:
        raise reader.fault(goals.line, "a goal is one condition", "use `and`")
    goal = reader.conjunction(goals.items[1], domain, objects)
    if goal.same or goal.distinct:
        raise reader.not_taken(goals.line, "=", "equality in a goal")
    return PlanningProblem(
        title.text,
        domain,
        objects,
        _init(reader, parts[":init"], domain, objects),
        goal=tuple(dict.fromkeys(goal.holds)),
        goal_not=tuple(dict.fromkeys(goal.fails)),
    )


def load_domain(path: Path) -> Domain:
    """The domain of a file.

    Raises:
        NotFound: there is no such file.
        FormatError: it is no PDDL domain that is understood.
    """
    return read_domain(_text(path), str(path))


def load_problem(path: Path, domain: Domain) -> PlanningProblem:
    """The problem of a file.

    Raises:
        NotFound: there is no such file.
        FormatError: it is no PDDL problem of the domain.
    """
    return read_problem(_text(path), domain, str(path))


def _init(reader: Reader, section: Group, domain: Domain, objects: dict[str, str]) -> frozenset[Atom]:
    found: set[Atom] = set()
    for item in section.items[1:]:
        if isinstance(item, Word) or not item.items:
            raise reader.fault(item.line, "a fact stands in brackets", "write `(on a b)`")
        if item.head == "=":
            raise reader.not_taken(item.line, "(= …)", "numbers")
        facts = reader.conjunction(item, domain, objects)
        found |= set(facts.holds)
    return frozenset(found)


def _text(path: Path) -> str:
    if not path.is_file():
        raise NotFound(f"there is no file {path}", "look whether the path is right")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        fault = f"{path} is no UTF-8 text ({error.reason} at byte {error.start})"
        raise FormatError(fault, "save it as UTF-8") from None
