"""A concept as it is shown: one title, one description, a type for each parameter, and what differs."""

from __future__ import annotations

from agentmem.records import Record, Text, Value
from agentmem.stores.concept.content import Content, Form, Typed, content_of
from agentmem.stores.concept.naming import normal
from agentmem.stores.concept.routines import Parameter

MOST_CUES = 8
"""Cues that are shown, those said first: an entry with more is found by everything."""
MOST_NOTES = 8


class Concept(Value):
    """One idea.

    Attributes:
        id: Of its record.
        version: Of its record.
        form: `ps`, `oe` or `rule`.
        kind: `type`, `structure`, `routine`, or what its authors tell apart.
        title: What it is called; of an open-ended one: the situation in which it applies.
        aliases: What else it is called.
        description: What it is; of an open-ended one: the suggestion.
        alternatives: Other descriptions that stand: nobody has said yet which one is right.
        parameters: What it takes.
        output: The type of what it gives.
        cues: When it may be relevant, those said first.
        notes: How it is carried out.
        hidden: How many cues and notes more there are.
    """

    id: Text
    version: int
    form: Form
    kind: Text
    title: Text
    aliases: tuple[Text, ...]
    description: Text
    alternatives: tuple[Text, ...]
    parameters: tuple[Parameter, ...]
    output: Text
    cues: tuple[Text, ...]
    notes: tuple[Text, ...]
    hidden: int = 0


def concept_of(record: Record, content: Content | None = None) -> Concept:
    """The concept of a record; `content` where that was read from it already.

    Raises:
        InvalidInput: its payload is none of a concept.
    """
    content = content or content_of(record)
    title, *aliases = [one.text for one in content.standing("titles")] or [""]
    description, *others = [one.text for one in content.standing("descriptions")] or [""]
    cues, notes = _first(content, "cues", MOST_CUES), _first(content, "notes", MOST_NOTES)
    everything = len(content.standing("cues")) + len(content.standing("notes"))
    return Concept(
        id=record.id,
        version=record.version,
        form=content.form,
        kind=next((one.text for one in content.standing("kinds")), ""),
        title=title,
        aliases=tuple(aliases),
        description=description,
        alternatives=tuple(others),
        parameters=_parameters(content),
        output=next((one.text for one in content.standing("outputs")), ""),
        cues=cues,
        notes=notes,
        hidden=everything - len(cues) - len(notes),
    )


def _first(content: Content, field: str, most: int) -> tuple[str, ...]:
    return tuple(one.text for one in content.standing(field)[:most])


def _parameters(content: Content) -> tuple[Parameter, ...]:
    """One parameter for each name: the first type and the first description that were said of it."""
    by_name: dict[str, list[Typed]] = {}
    for one in content.standing("parameters"):
        if isinstance(one, Typed):
            by_name.setdefault(normal(one.text), []).append(one)
    ordered = sorted(by_name.values(), key=lambda some: (some[0].place, some[0].order))
    return tuple(
        Parameter(
            name=some[0].text,
            type=next((one.type for one in some if one.type), ""),
            description=next((one.description for one in some if one.description), ""),
        )
        for some in ordered
    )


def signature(concept: Concept) -> str:
    """Parameters with their types, and the type of the result: `(grid: Grid, colour: Colour) -> Grid`."""
    if concept.kind == "type" and not concept.parameters:
        return ""
    taken = ", ".join(f"{one.name}: {one.type}" if one.type else one.name for one in concept.parameters)
    given = f" -> {concept.output}" if concept.output else ""
    return f"({taken}){given}" if taken or given else ""


def worded(concept: Concept) -> str:
    """All that is shown of a concept, in words."""
    if concept.form == "oe":
        lines = [f"When {concept.title}", f"do: {concept.description}"]
        lines += [f"or: {text}" for text in concept.alternatives]
    elif concept.form == "rule":
        lines = [concept.title]
    else:
        kind = f"{concept.kind}: " if concept.kind else ""
        lines = [f"{kind}{concept.title}{signature(concept)}"]
        lines += [concept.description] if concept.description else []
        lines += [f"or: {text}" for text in concept.alternatives]
        lines += [f"- {one.name}: {one.description}" for one in concept.parameters if one.description]
    lines += ["also: " + "; ".join(concept.aliases)] if concept.aliases and concept.form != "rule" else []
    lines += ["cues: " + "; ".join(concept.cues)] if concept.cues else []
    lines += ["notes: " + "; ".join(concept.notes)] if concept.notes else []
    return "\n".join(lines)


def compressed(concept: Concept) -> str:
    """A concept in one line: what it is called, what it takes and gives, and its first cue."""
    if concept.form != "ps":
        said = f" → {concept.description}" if concept.description else ""
        return f"{concept.title}{said}"
    cue = f"; cue: {concept.cues[0]}" if concept.cues else ""
    return f"{concept.title}{signature(concept)}{cue}"


def searched(concept: Concept) -> str:
    """What is searched of a concept: title, other names, description, cues and notes.

    Cues and notes are worth more than they look: by titles alone concepts are found worst.
    """
    parts = [concept.title, *concept.aliases, concept.description, *concept.alternatives]
    parts += [*(one.name for one in concept.parameters), *concept.cues, *concept.notes]
    return ". ".join(part.strip().rstrip(".") for part in parts if part.strip())
