"""What findings change: preferences gather evidence, facts are added, standing answers follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import cast

from pydantic import JsonValue

from agentmem.bank.view import ApplyView
from agentmem.records import SUPERSEDES, ChangeSet, Event, Record, State, Trust
from agentmem.stores.operations import own
from agentmem.stores.profile.aspects import ASPECTS, Name
from agentmem.stores.profile.notes import KEPT, Evidence, Note, strengths
from agentmem.stores.profile.operations import Learn, Stand
from agentmem.stores.profile.portrait import line

PREFERENCE, FACT, STANDING = "preference", "fact", "standing"
"""Types of records."""


def learnt(operation: Learn, event: Event, view: ApplyView) -> ChangeSet:
    """Preferences with new evidence, new facts, and the standing answers that rest on them."""
    sources = event.caused_by or (event.id,)
    made: list[Record] = []
    by_aspect: dict[Name, list[Note]] = {}
    placed: dict[int, Record] = {}
    for place, note in enumerate(operation.notes):
        if ASPECTS[note.aspect].single:
            by_aspect.setdefault(note.aspect, []).append(note)
        else:
            placed[place] = _fact(note, event, sources, view)
    made += placed.values()
    made += [_preference(aspect, notes, event, sources, view) for aspect, notes in by_aspect.items()]
    new = {
        id: [placed[place].id for place in places if place in placed]
        for id, places in operation.answers.items()
    }
    return followed(ChangeSet(records=tuple(made)), event, view, new)


def _fact(note: Note, event: Event, sources: tuple[str, ...], view: ApplyView) -> Record:
    """The record of a fact; said again in the same words it is the same, with a further source."""
    key = fact_key(note.aspect, note.said)
    old = next((one for one in view.standing(key) if one.type == FACT), None)
    shown = note.shown and (old is None or old.metadata.get("shown") is True)
    if old is not None and old.time is not None and event.time is not None and old.time > event.time:
        return old.altered({"sources": tuple(dict.fromkeys([*old.sources, *sources]))})
    return Record(
        id=view.new_id() if old is None else old.id,
        type=FACT,
        key=key,
        text=note.said,
        payload={"aspect": note.aspect, "value": note.value, "shown": shown},
        sources=tuple(dict.fromkeys([*(old.sources if old is not None else ()), *sources])),
        time=event.time,
        actor=event.actor,
        session=event.session,
        metadata={"aspect": note.aspect, "value": note.value, "shown": shown},
        indexed={"text": note.said},
    )


def fact_key(aspect: str, said: str) -> str:
    """The key of a fact: that of its words, without them, so that it can outlive what is forgotten."""
    return f"{aspect}: {sha256(' '.join(said.casefold().split()).encode()).hexdigest()[:16]}"


def is_line(record: Record) -> bool:
    """Whether a record is a line of the portrait, and was not put under its type by somebody else."""
    aspect = record.payload.get("aspect")
    return record.type == PREFERENCE and aspect in ASPECTS and record.key == aspect


def _preference(
    aspect: Name, notes: Sequence[Note], event: Event, sources: tuple[str, ...], view: ApplyView
) -> Record:
    """The record of an aspect, with further evidence."""
    standing = [one for one in view.standing(aspect) if is_line(one)]
    old = standing[0] if standing else None
    evidence = evidence_in(old) if old is not None else []
    counts = counts_in(old) if old is not None else {}
    for note in notes:
        evidence.append(Evidence(**dict(note), at=event.happened, event=sources[0]))
        counts[note.value] = counts.get(note.value, 0) + 1
    evidence = sorted(evidence, key=lambda one: one.at)[-KEPT:]
    value = next(iter(strengths(evidence)), "")
    payload: dict[str, JsonValue] = {
        "aspect": aspect,
        "value": value,
        "counts": dict(counts),
        "evidence": [one.model_dump(mode="json") for one in evidence],
    }
    text = line(aspect, evidence, counts)
    before = () if old is None else old.sources
    return Record(
        id=view.new_id() if old is None else old.id,
        type=PREFERENCE,
        key=aspect,
        text=text,
        payload=payload,
        sources=tuple(dict.fromkeys([*before, *sources])),
        time=max([event.happened, *([old.time] if old is not None and old.time is not None else [])]),
        pinned=True,
        metadata={"aspect": aspect, "value": value},
        indexed={"text": text},
        why=_why(old, value),
    )


def restated(record: Record) -> dict[str, JsonValue]:
    """What a corrected preference goes on with: its aspect, without what it rested on."""
    if not is_line(record):
        return dict(record.payload)
    return {"aspect": record.payload.get("aspect"), "value": "", "counts": {}, "evidence": []}


def corrected(changes: ChangeSet, event: Event) -> ChangeSet:
    """Changes in which a correction's words are the evidence for what it says, and its key is that of them.

    What is no user's own word stands beside the user's, and in no prompt by itself.
    """
    if event.type != "correct":
        return changes
    heirs = {link.source for link in changes.links if link.type == SUPERSEDES}

    def grounded(record: Record) -> Record:
        if record.sources != (event.id,):
            return record
        if record.type == FACT:
            return record.altered({"key": fact_key(str(record.payload.get("aspect")), event.text)})
        if not is_line(record):
            return record
        aspect = cast(Name, record.payload.get("aspect"))
        said = Evidence(aspect=aspect, said=event.text, at=event.happened, event=event.id)
        payload: dict[str, JsonValue] = {
            "aspect": aspect,
            "value": "",
            "counts": {"": 1},
            "evidence": [said.model_dump(mode="json")],
        }
        metadata: dict[str, JsonValue] = {"aspect": aspect, "value": ""}
        pinned = record.pinned and (event.trust is Trust.USER or record.id in heirs)
        return record.altered({"payload": payload, "metadata": metadata, "pinned": pinned})

    return changes.altered({"records": tuple(grounded(record) for record in changes.records)})


def _why(old: Record | None, value: str) -> str:
    """What the new evidence changed."""
    if old is None:
        return "first evidence"
    before = str(old.payload.get("value"))
    return "further evidence" if before == value else f"was {before}, which is weaker by now"


def evidence_in(record: Record) -> list[Evidence]:
    """The evidence that a preference keeps word for word, the oldest first."""
    kept = record.payload.get("evidence")
    return [Evidence.model_validate(one) for one in kept] if isinstance(kept, list) else []


def counts_in(record: Record) -> dict[str, int]:
    """How many pieces of evidence there were in all, by value."""
    counts = record.payload.get("counts")
    return (
        {str(value): int(str(count)) for value, count in counts.items()} if isinstance(counts, dict) else {}
    )


def stood(operation: Stand, event: Event, view: ApplyView) -> ChangeSet:
    """A standing question, with its answer; asked again, it rests on what it is given now."""
    found = [one for one in _items(operation, view) if one.state is State.LIVE]
    standing = [one for one in view.standing(key_of(operation.question)) if one.type == STANDING]
    id = standing[0].id if standing else view.new_id()
    return ChangeSet(records=(_answer(id, operation.question, found, event),))


def _items(operation: Stand, view: ApplyView) -> list[Record]:
    """What answers a question: by id, and where one is not there any more, what stands under its key."""
    found = {one.id: one for one in own(operation.items, view)}
    for id, key in zip(operation.items, operation.keys, strict=False):
        if id not in found and key:
            found |= {one.id: one for one in view.standing(key)}
    return list(found.values())


def key_of(question: str) -> str:
    """The key of a standing question: its words, whatever their case and spacing."""
    return f"? {' '.join(question.casefold().split())}"


def _answer(id: str, question: str, items: Sequence[Record], event: Event) -> Record:
    sources = dict.fromkeys(source for item in items for source in item.sources)
    return Record(
        id=id,
        type=STANDING,
        key=key_of(question),
        text="\n".join(item.text for item in items),
        payload={"question": question, "items": [item.id for item in items]},
        sources=tuple(sources) or (event.id,),
        time=event.time,
    )


def followed(
    changes: ChangeSet, event: Event, view: ApplyView, new: Mapping[str, Sequence[str]] | None = None
) -> ChangeSet:
    """Changes, and standing answers made again that rest on what they change.

    Args:
        changes: The changes.
        event: What made them.
        view: The view of `apply`.
        new: Records that a standing answer rests on from now on, by its id.
    """
    made = {record.id: record for record in changes.records}
    heirs = {link.target: link.source for link in changes.links if link.type == SUPERSEDES}
    answers = []
    for standing in view.select(f'type = "{STANDING}"'):
        if standing.id in made or standing.state is not State.LIVE:
            continue
        before = standing.payload.get("items")
        items = [str(id) for id in before] if isinstance(before, list) else []
        wanted = dict.fromkeys([*(heirs.get(id, id) for id in items), *(new or {}).get(standing.id, ())])
        if list(wanted) == items and made.keys().isdisjoint(items):
            continue
        kept = {record.id: record for record in view.get(wanted)} | made
        live = [kept[id] for id in wanted if id in kept and kept[id].state is State.LIVE]
        answers.append(_answer(standing.id, str(standing.payload.get("question")), live, event))
    return changes.altered({"records": (*changes.records, *answers)}) if answers else changes
