"""A concept memory behind the command line: opening it, and finding what is named in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentmem.cli import memory_opening
from agentmem.cli.memory_opening import Where
from agentmem.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from agentmem.cli.opening import Opened
    from agentmem.stores.concept.entry import Concept
    from agentmem.stores.concept.problems import Problem
    from agentmem.stores.concept.store import ConceptMemory
    from agentmem.stores.concept.views import Holdings

SHORT_ID = 8
"""Characters of an id that are shown."""
PREFIX = 4
"""Characters by which an id can be named, at least."""
NAMED = 5
"""Candidates that an error names."""
NO_CONCEPTS = "no concepts yet; state one: agentmem concepts add TITLE"

Id = Annotated[
    str,
    typer.Argument(metavar="CONCEPT", help="A concept: its title, its id, or the id's first characters."),
]
Problems = Annotated[
    str,
    typer.Argument(metavar="PROBLEM", help="A problem: its name, its id, or the id's first characters."),
]


def reading(where: Where) -> AbstractContextManager[tuple[ConceptMemory, Opened]]:
    """The memory of a namespace that was written to; one that has none yet gets none by this."""
    from agentmem.stores.concept.store import ConceptMemory

    return memory_opening.reading(ConceptMemory, where)


def changing(where: Where) -> AbstractContextManager[tuple[ConceptMemory, Opened]]:
    """The memory of a namespace that was written to."""
    from agentmem.stores.concept.store import ConceptMemory

    return memory_opening.changing(ConceptMemory, where)


@contextmanager
def writing(where: Where, **options: Any) -> Iterator[tuple[ConceptMemory, Opened]]:
    """The memory of a namespace, made now where there is none.

    Args:
        where: The bank and the namespace.
        **options: Those of the store with which it begins; none: its default.

    Raises:
        InvalidInput: it is there, with other options.
    """
    from agentmem.stores.concept.store import ConceptMemory

    given = {name: value for name, value in options.items() if value is not None}
    with memory_opening.beginning(ConceptMemory, where, given) as (memory, opened):
        for name, value in given.items():
            memory_opening.check_option(memory, name, value)
        yield memory, opened


def find_concept(memory: ConceptMemory, called: str) -> Concept:
    """The concept of an id, of what was merged into another, of a title or alias, or of the id's beginning.

    Raises:
        NotFound: it names none.
        InvalidInput: it names several.
    """
    from agentmem.stores.concept.naming import normal

    try:
        return memory.concept(called)
    except NotFound:
        standing = memory.concepts()
    wanted = normal(called)
    found = [one for one in standing if normal(one.title) == wanted] if wanted else []
    found = found or [one for one in standing if wanted and wanted in map(normal, one.aliases)]
    found = found or [one for one in standing if _begins(one.id, called)]
    if not found:
        titles = {one.title: one for one in standing}
        near = [titles[one] for one in get_close_matches(called, titles, NAMED, 0.5)]
        there = _told([(one.title, one.id) for one in near or standing]) or "none yet"
        raise NotFound(
            f"there is no concept {called!r}; {'the nearest are' if near else 'there are'}: {there}",
            "see `agentmem concepts list`",
        )
    if len(found) > 1:
        raise InvalidInput(
            f"{called!r} names {len(found)} concepts: {_told([(one.title, one.id) for one in found])}",
            "name one of them by its id, or its first characters",
        )
    return found[0]


def find_problem(memory: ConceptMemory, called: str) -> Problem:
    """The problem of an id, of the name that the world gives it, or of the id's beginning.

    Raises:
        NotFound: it names none.
        InvalidInput: it names several: a problem that was tried twice is there twice.
    """
    problems = memory.problems()
    found = [one for one in problems if one.id == called] or [
        one for one in problems if one.problem and one.problem == called
    ]
    found = found or [one for one in problems if _begins(one.id, called)]
    told = _told([(one.problem or one.text[:40], one.id) for one in found or problems[::-1]])
    if not found:
        raise NotFound(
            f"there is no problem {called!r}; there are: {told or 'none yet'}",
            "see `agentmem concepts list --problems`",
        )
    if len(found) > 1:
        raise InvalidInput(
            f"{called!r} names {len(found)} attempts: {told}",
            "name one of them by its id, or its first characters",
        )
    return found[0]


def _begins(id: str, called: str) -> bool:
    return len(called) >= PREFIX and id.startswith(called.lower())


def _told(named: Sequence[tuple[str, str]]) -> str:
    """Names with ids, the first few."""
    told = [f"{name} ({id[:SHORT_ID]})" for name, id in named[:NAMED]]
    return ", ".join([*told, *(["..."] if len(named) > NAMED else [])])


def titles_in(held: Holdings) -> dict[str, str]:
    """The titles of concepts, by id."""
    return {one.id: one.title for one in held.concepts}


def named(ids: Sequence[str], titles: dict[str, str]) -> list[dict[str, str]]:
    """Concepts as a JSON answer names them."""
    return [{"id": id, "title": titles[id]} for id in ids if id in titles]
