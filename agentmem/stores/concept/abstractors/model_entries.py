"""What a model says of concepts, as values, and as operations on the memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from pydantic import Field, field_validator

from agentmem.stores.concept.asking import Said, lines_of, one_line
from agentmem.stores.concept.entry import Concept
from agentmem.stores.concept.naming import normal
from agentmem.stores.concept.operations import LONGEST_TITLE, Operation, Revise, State
from agentmem.stores.concept.routines import Parameter

MOST = 12
"""Entries of an answer at most: a problem that shows more ideas shows none of them well."""
LONGEST_NAME, LONGEST_TYPE = 60, 160
"""Characters of a parameter's name, and of a type; what is longer is none."""
KINDS = ("type", "structure", "routine")
Action = Literal["reuse", "revise", "add"]
_MEANT: Mapping[str, Action] = {
    "new": "add",
    "create": "add",
    "use": "reuse",
    "update": "revise",
    "edit": "revise",
    "generalise": "revise",
    "generalize": "revise",
    "merge": "revise",
}


class ParameterSaid(Said):
    """A parameter, as a model lists it."""

    name: str = ""
    type: str = ""
    description: str = ""


class EntrySaid(Said):
    """One concept, as a model says it."""

    action: Action = "add"
    concept: str = ""
    title: str = ""
    kind: str = ""
    description: str = ""
    parameters: list[ParameterSaid] = Field(default_factory=list)
    output: str = ""
    cues: list[str] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list)

    @field_validator("action", mode="before")
    @classmethod
    def _action(cls, given: Any) -> Any:
        word = given.strip().lower() if isinstance(given, str) else given
        return _MEANT.get(word, word) if isinstance(word, str) else word


class EntriesSaid(Said):
    """What a model answers."""

    entries: list[EntrySaid] = Field(max_length=MOST)


class Resolved(NamedTuple):
    """An entry, and the concept of the memory that it is about; none for a new one."""

    entry: EntrySaid
    held: Concept | None


def called(entry: EntrySaid) -> str:
    """What an entry is about, in the words of the model."""
    return entry.title or entry.concept


def stated(entry: EntrySaid) -> State:
    """What an entry would write, as a new concept would be stated: what the gates look at."""
    told = State(**_said(entry), title=_title(entry))
    unwritten = {"title": None, "description": "", "kind": "", "output": ""}
    return told.altered(unwritten) if entry.action == "reuse" else told


def added(one: Resolved, problem: str, similar_to: tuple[str, ...] = ()) -> list[Operation]:
    """The operations of an entry that passed the gates, less the use of what is held already."""
    entry, held = one
    if held is None:
        told = stated(entry)
        return [told.altered({"used_in": (problem,), "similar_to": similar_to})]
    operations: list[Operation] = []
    if entry.action == "revise":
        fields = _changed(entry, held)
        operations += [Revise(node=held.id, **fields)] if fields else []
    more = _more(entry, held)
    return [*operations, State(node=held.id, **more)] if more else operations


def merged_into(entry: EntrySaid, held: Concept) -> list[Operation]:
    """What an entry adds to a concept that says the same by another title: that title is one more of it."""
    more = _more(entry, held)
    if normal(entry.title) not in {normal(name) for name in (held.title, *held.aliases)}:
        more["aliases"] = (_title(entry),)
    return [State(node=held.id, **more)] if more else []


def _title(entry: EntrySaid) -> str | None:
    return one_line(entry.title)[:LONGEST_TITLE].strip() or None


def _said(entry: EntrySaid) -> dict[str, Any]:
    kind = entry.kind.strip().lower()
    return {
        "kind": kind if kind in KINDS else "",
        "description": _worded(entry.description),
        "parameters": _parameters(entry),
        "output": _type(entry.output),
        "cues": lines_of(entry.cues),
        "notes": lines_of(entry.notes),
    }


def _parameters(entry: EntrySaid) -> tuple[Parameter, ...]:
    found: dict[str, Parameter] = {}
    for one in entry.parameters:
        name = one_line(one.name)
        if normal(name) and len(name) <= LONGEST_NAME and normal(name) not in found:
            found[normal(name)] = Parameter(
                name=name, type=_type(one.type), description=_worded(one.description)
            )
    return tuple(found.values())


def _type(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= LONGEST_TYPE else ""


def _worded(text: str) -> str:
    line = one_line(text)
    return line if normal(line) else ""


def _changed(entry: EntrySaid, held: Concept) -> dict[str, Any]:
    """Words that a revision puts in the place of those held."""
    told, title = _said(entry), _title(entry)
    fields = {name: told[name] for name in ("kind", "description", "output")}
    kept = {"kind": held.kind, "description": held.description, "output": held.output}
    changed: dict[str, Any] = {
        name: text for name, text in fields.items() if text and normal(text) != normal(kept[name])
    }
    if title and normal(title) and normal(title) != normal(held.title):
        changed["title"] = title
    return changed


def _more(entry: EntrySaid, held: Concept) -> dict[str, Any]:
    """What is said beside what is held: cues, notes and parameters that are new, or have a type now."""
    told = _said(entry)
    more: dict[str, Any] = {}
    for name in ("cues", "notes"):
        known = {normal(text) for text in getattr(held, name)}
        more[name] = tuple(text for text in told[name] if normal(text) not in known)
    known_parameters = {normal(one.name): one for one in held.parameters}
    more["parameters"] = tuple(
        one for one in told["parameters"] if _tells_more(one, known_parameters.get(normal(one.name)))
    )
    return {name: texts for name, texts in more.items() if texts}


def _tells_more(one: Parameter, known: Parameter | None) -> bool:
    if known is None:
        return True
    return bool(one.type and one.type != known.type) or bool(one.description and not known.description)
