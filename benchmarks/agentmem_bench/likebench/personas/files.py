"""Persona files: read with errors that name the place, and written as the schema says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from agentmem.errors import FormatError, InvalidInput
from agentmem.faults import first_fault
from agentmem_bench.likebench.personas.consistency import contradictions
from agentmem_bench.likebench.personas.content import topics
from agentmem_bench.likebench.personas.schema import Persona, Personas

REMEDY = "see `agentmem bench likebench --example`"
SHIPPED, EXAMPLE = "personas.yaml", "example.yaml"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path) -> tuple[Persona, ...]:
    """The personas of a file.

    Raises:
        InvalidInput: the file cannot be read.
        FormatError: it is not as the schema says, or a persona cannot be of one person.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"--personas {path} cannot be read: {error}", "name a YAML file in UTF-8"
        ) from error
    return parsed(text, str(path))


def parsed(text: str, name: str) -> tuple[Persona, ...]:
    """The personas that a text describes; `name` is what errors call it.

    Raises:
        FormatError: it is not as the schema says, or a persona cannot be of one person.
    """
    try:
        data = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader, by whichever parser is there
    except yaml.YAMLError as error:
        raise FormatError(f"{name} is no YAML: {error}", REMEDY) from error
    if not isinstance(data, dict):
        raise FormatError(f"{name} is no mapping with `personas`", REMEDY)
    try:
        found = Personas(**data).personas
    except ValidationError as error:
        fault = first_fault(error)
        raise FormatError(f"{name}: {_named(fault.where, data)}{fault.message}", REMEDY) from error
    for persona in found:
        _check(persona, name)
    return found


def _named(where: str, data: Any) -> str:
    """Where a fault is, with the id of the persona that it is in."""
    head, _, rest = where.partition(".")
    number, _, rest = rest.partition(".")
    if head == "personas" and number.isdigit():
        try:
            return f"persona {data['personas'][int(number)]['id']!r}: {f'{rest}: ' if rest else ''}"
        except (KeyError, IndexError, TypeError):
            pass
    return f"{where}: " if where else ""


def _check(persona: Persona, name: str) -> None:
    known = topics()
    named = [*persona.preferences.knowledge, *(topic for prior in persona.sessions for topic in prior.topics)]
    strange = next((topic for topic in named if topic not in known), None)
    if strange is not None:
        raise FormatError(
            f"{name}: persona {persona.id!r}: there is no topic {strange!r}", f"there are: {', '.join(known)}"
        )
    if found := contradictions(persona):
        raise FormatError(f"{name}: persona {persona.id!r}: {found[0]}", "leave one of them out")


def written(personas: Iterable[Persona]) -> str:
    """Personas as a file holds them."""
    data = Personas(personas=tuple(personas)).model_dump(mode="json", exclude_defaults=True)
    data = {"format": Personas.model_fields["format"].default, **data}
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=110)


@cache
def shipped() -> Sequence[Persona]:
    """The suite's own personas."""
    return parsed((files(__package__) / SHIPPED).read_text(encoding="utf-8"), SHIPPED)


def example() -> str:
    """A small file that runs, with every field explained."""
    return (files(__package__) / EXAMPLE).read_text(encoding="utf-8")
