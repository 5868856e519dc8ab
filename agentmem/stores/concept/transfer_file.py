"""A concept memory as a file: the format that `agentmem bench concepts --data` reads, and back.

`{"problems": [{"id", "text"}], "concepts": [{"id", "title", "description", …}], "uses": [{"problem",
"concepts"}]}`. Further keys carry what a benchmark has no use for; what is not said is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ConfigDict, Field, ValidationError, model_validator

from agentmem.bank.sources import record_id
from agentmem.errors import FormatError
from agentmem.faults import first_fault
from agentmem.records import Event, Text, Trust, Value
from agentmem.stores.concept import operations as ops
from agentmem.stores.concept.content import Content, Form
from agentmem.stores.concept.naming import normal
from agentmem.stores.concept.problems import TRACE, Trace
from agentmem.stores.concept.routines import Parameter
from agentmem.stores.typed import checked

if TYPE_CHECKING:
    from agentmem.stores.base import MemoryStore
    from agentmem.stores.concept.entry import Concept
    from agentmem.stores.concept.views.holdings import Holdings

REMEDY = "see docs/concept_memory.md for the format"
Entry = TypeVar("Entry", bound="_Entry")


class _Entry(Value):
    """A part of the file; keys that it does not name are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_unsaid(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if value is not None}


class ProblemEntry(_Entry):
    """A problem. What the world calls it, and what was tried, are of no use to a benchmark, but kept."""

    id: Text = Field(min_length=1)
    text: Text = ""
    problem: Text = ""
    solution: Text = ""
    language: Text = ""
    solved: bool | None = None


class ParameterEntry(_Entry):
    """What a concept takes."""

    name: Text = Field(min_length=1)
    type: Text = ""
    description: Text = ""


class ConceptEntry(_Entry):
    """A concept; `alternatives` are further descriptions of it that nobody has decided between."""

    id: Text = Field(min_length=1)
    title: ops.Title
    description: Text = ""
    form: Form = "ps"
    kind: Text = ""
    aliases: tuple[ops.Title, ...] = ()
    alternatives: tuple[Text, ...] = ()
    cues: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    parameters: tuple[ParameterEntry, ...] = ()
    output_type: Text = ""


class UseEntry(_Entry):
    """The concepts that a problem's solution uses."""

    problem: Text = Field(min_length=1)
    concepts: tuple[Text, ...] = ()


class Document(Value):
    """The file."""

    problems: tuple[ProblemEntry, ...] = ()
    concepts: tuple[ConceptEntry, ...] = ()
    uses: tuple[UseEntry, ...] = ()


class Taken(Value):
    """What became of a file.

    Attributes:
        problems: Problems that are new.
        concepts: Statements of concepts that are new: about new ones, or more about those that were there.
        known: Entries that were there already, word for word.
    """

    problems: int = 0
    concepts: int = 0
    known: int = 0


def document_of(held: Holdings) -> Document:
    """What a memory holds, in the form of the file."""
    return Document(
        problems=tuple(
            ProblemEntry(**one.model_dump(include={*ProblemEntry.model_fields})) for one in held.problems
        ),
        concepts=tuple(_entry(one, held.contents.get(one.id)) for one in held.concepts),
        uses=tuple(
            UseEntry(problem=problem, concepts=tuple(concepts))
            for problem, concepts in held.used_by().items()
        ),
    )


def _entry(concept: Concept, content: Content | None) -> ConceptEntry:
    """A concept as the file tells it: all cues and notes, where an entry shows those said most often."""
    told = concept.model_dump(include={*ConceptEntry.model_fields})
    if content is not None:
        told |= {name: tuple(one.text for one in content.standing(name)) for name in ("cues", "notes")}
    return ConceptEntry(output_type=concept.output, **told)


def written(document: Document) -> str:
    """The file's text: JSON, an entry a line, so that two of them can be compared by line."""
    parts = []
    for name in Document.model_fields:
        entries = [json.dumps(_said(one), ensure_ascii=False) for one in getattr(document, name)]
        body = ",\n".join(f"    {entry}" for entry in entries)
        parts.append(f'  "{name}": [\n{body}\n  ]' if entries else f'  "{name}": []')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _said(entry: Value) -> dict[str, Any]:
    """What an entry says; of a problem and a concept always what the format asks for."""
    told: dict[str, Any] = entry.model_dump(mode="json", exclude_defaults=True)
    for name in ("text", "description"):
        if name in type(entry).model_fields:
            told.setdefault(name, "")
    return told


def parsed(text: str) -> Document:
    """The file that `written` wrote, or that follows the format.

    Raises:
        FormatError: it does not: names the entry, counted from 1, and the key.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"this is no JSON: {error}", REMEDY) from error
    if not isinstance(data, dict):
        raise FormatError(
            f"this is a {type(data).__name__}, not an object with problems and concepts", REMEDY
        )
    document = Document(
        problems=_entries(ProblemEntry, "problems", data),
        concepts=_entries(ConceptEntry, "concepts", data),
        uses=_entries(UseEntry, "uses", data),
    )
    _require_distinct("problems", [one.id for one in document.problems])
    _require_distinct("concepts", [one.id for one in document.concepts])
    problems = {one.id for one in document.problems}
    concepts = {one.id for one in document.concepts}
    for place, one in enumerate(document.concepts, 1):
        if not normal(one.title):
            raise FormatError(f"concepts.{place}: the title {one.title!r} has no words", "give it one")
    for place, use in enumerate(document.uses, 1):
        unknown = [id for id in use.concepts if id not in concepts]
        if use.problem not in problems or unknown:
            what = f"concept {unknown[0]!r}" if unknown else f"problem {use.problem!r}"
            raise FormatError(f"uses.{place}: there is no {what} in the file", "add it, or leave it out")
    return document


def _entries(kind: type[Entry], key: str, data: Mapping[str, Any]) -> tuple[Entry, ...]:
    given = data.get(key, [])
    if not isinstance(given, list):
        raise FormatError(f"{key} is a {type(given).__name__}, not a list", REMEDY)
    found = []
    for place, one in enumerate(given, 1):
        try:
            found.append(kind.model_validate(one))
        except ValidationError as error:
            fault = first_fault(error)
            raise FormatError(f"{key}.{place}.{fault.where}: {fault.message}", REMEDY) from error
    return tuple(found)


def _require_distinct(key: str, ids: Sequence[str]) -> None:
    double = (
        next((id for place, id in enumerate(ids) if id in ids[:place]), None)
        if len({*ids}) < len(ids)
        else None
    )
    if double is not None:
        raise FormatError(f"{key}: {double!r} stands there twice", "give each an id of its own")


def take_in(document: Document, store: MemoryStore, *, trust: Trust = Trust.USER) -> Taken:
    """Put what a file says into a memory: all of it, or nothing.

    A concept whose title is known says more about that one. The same file a second time changes nothing.

    Args:
        document: The file.
        store: The concept memory.
        trust: Who says so.

    Raises:
        Refused: an entry holds a credential.
    """
    from agentmem.bank import journal

    traces = {one.id: _trace(one, trust) for one in document.problems}
    problems = {id: record_id(event.id, store.shelf, 0) for id, event in traces.items()}
    used_in: dict[str, list[str]] = {}
    for use in document.uses:
        for concept in dict.fromkeys(use.concepts):
            used_in.setdefault(concept, []).append(problems[use.problem])
    states = [_states(one, tuple(used_in.get(one.id, ())), store, trust) for one in document.concepts]
    events = [*traces.values(), *(event for some in states for event in some)]
    receipts = store.observe(*events)
    journal.require_stored(receipts)
    new = {receipt.event_id for receipt in receipts if receipt.status == "stored"}
    fresh = [any(event.id in new for event in some) for some in states]
    problems_new = sum(event.id in new for event in traces.values())
    return Taken(
        problems=problems_new,
        concepts=sum(fresh),
        known=len(traces) - problems_new + fresh.count(False),
    )


def _trace(entry: ProblemEntry, trust: Trust) -> Event:
    """The trace of a problem: its id is a digest of what it says, so that twice the same is once."""
    trace = Trace(
        problem=entry.problem or entry.id,
        solution=entry.solution,
        language=entry.language,
        solved=entry.solved,
    )
    data = trace.model_dump(mode="json", exclude_defaults=True)
    return Event(
        id=_digest([entry.id, entry.text, data]), type=TRACE, text=entry.text, data=data, trust=trust
    )


def _states(entry: ConceptEntry, used_in: tuple[str, ...], store: MemoryStore, trust: Trust) -> list[Event]:
    """What is said of a concept; other names and descriptions after those that are shown first."""
    said = [
        ops.State(
            title=entry.title,
            form=entry.form,
            kind=entry.kind,
            description=entry.description,
            parameters=tuple(Parameter(**one.model_dump()) for one in entry.parameters),
            output=entry.output_type,
            cues=entry.cues,
            notes=entry.notes,
            used_in=used_in,
            why="imported",
        )
    ]
    further: list[dict[str, Any]] = [{"aliases": entry.aliases}] if entry.aliases else []
    for more in [*further, *({"description": one} for one in entry.alternatives)]:
        said.append(checked(ops.State, title=entry.title, form=entry.form, why="imported", **more))
    events = [ops.event_of(one, store=store.shelf, trust=trust) for one in said]
    return [
        event.model_copy(update={"id": _digest([entry.id, place, event.data])})
        for place, event in enumerate(events)
    ]


def _digest(parts: Iterable[Any]) -> str:
    return f"import-{sha256(json.dumps([*parts], sort_keys=True).encode()).hexdigest()[:32]}"
