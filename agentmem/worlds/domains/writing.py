"""What generators share: the files of a domain, problems as PDDL, and a source of chance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from random import Random

from agentmem.agents.language import Atom
from agentmem.errors import InvalidInput


def domain_text(name: str) -> str:
    """The PDDL of a domain of ours."""
    return (files(__package__) / name / "domain.pddl").read_text(encoding="utf-8")


def texts_text(name: str) -> str:
    """The YAML with the sentences of a domain of ours."""
    return (files(__package__) / name / "texts.yaml").read_text(encoding="utf-8")


def chance(name: str, seed: int, size: int) -> Random:
    """The random numbers of one problem: the same in every process.

    Raises:
        InvalidInput: `size` is less than 1.
    """
    if size < 1:
        raise InvalidInput(f"size {size} of a {name} problem is less than 1", "give a size of 1 or more")
    return Random(f"{name}/{seed}/{size}")  # noqa: S311 - a problem is drawn, no secret


def numbered(stem: str, count: int) -> list[str]:
    """`count` names: ball1, ball2, …."""
    return [f"{stem}{number}" for number in range(1, count + 1)]


def problem_text(
    domain: str, objects: Mapping[str, Sequence[str]], init: Iterable[Atom], goal: Iterable[Atom]
) -> str:
    """A problem as PDDL writes it.

    Args:
        domain: The name of the domain.
        objects: The names of the objects, by type.
        init: What holds at the start.
        goal: What is to hold.
    """
    named = "\n".join(f"    {' '.join(names)} - {kind}" for kind, names in objects.items() if names)
    return (
        f"(define (problem {domain}-problem)\n  (:domain {domain})\n  (:objects\n{named})\n"
        f"  (:init\n{_lines(init)})\n  (:goal (and\n{_lines(goal)})))\n"
    )


def _lines(atoms: Iterable[Atom]) -> str:
    return "\n".join(f"    ({' '.join(atom)})" for atom in atoms)
