"""What observations and operations change: items begin, move and fade; each new version says why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import numpy as np
from pydantic import JsonValue

from agentmem.bank.view import ApplyView
from agentmem.db.times import micros, moment
from agentmem.errors import InvalidInput, NotApplicable, Refused
from agentmem.records import ChangeSet, Event, Link, Record, State, spoken
from agentmem.stores.layered.drawing import drawn
from agentmem.stores.layered.operations import Rate, Reflect
from agentmem.stores.layered.standing import (
    STANDS,
    Rated,
    arrays_of,
    importance_in,
    is_item,
    number_of,
    placed,
    standing_in,
    stood,
)
from agentmem.stores.layered.trajectory import Ladder, Move, begun, next_moves, raised, rolled
from agentmem.stores.operations import moment as read_moment
from agentmem.stores.operations import own

CLOCK = "clock"
"""The type, and the key, of the record that says up to when time has been let pass."""
REFLECTS = "reflects"
"""The type of a link from a reflection to what it is about."""
TAKEN = frozenset({"importance", "layer", "kind", "metadata"})
"""What the data of an observation say of its item; what else they say is metadata, where it is scalar."""
AND = "; "
"""What stands before each move in words."""
HARMED, PROFIT = "harmed", "profit"
"""Kinds of feedback that count against an item, and by their sign."""


def observed(event: Event, view: ApplyView, ladder: Ladder) -> ChangeSet:
    """An observation with a text becomes an item: in the layer that it names, or that its kind enters.

    Raises:
        InvalidInput: there is no such layer, or its importance is none.
    """
    if not event.text.strip():
        return ChangeSet()
    data = event.data
    kind = str(data.get("kind") or event.type)
    item = _ITEM.altered(
        {
            "id": view.new_id(),
            "type": kind,
            "text": event.text,
            "payload": {},
            "sources": (event.id,),
            "time": event.time,
            "actor": event.actor,
            "session": event.session,
            "metadata": _metadata(data),
            "indexed": {"text": spoken(event.actor, event.text)},
            "why": "",
        }
    )
    return ChangeSet(records=(_begun(item, data, ladder, event),))


_ITEM = Record(id="blank")


def _metadata(data: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """What filters can ask for: the scalars of an observation, and its `metadata`."""
    told: dict[str, JsonValue] = {
        name: value
        for name, value in data.items()
        if name not in TAKEN and isinstance(value, str | int | float | bool)
    }
    given = data.get("metadata")
    return {**told, **given} if isinstance(given, dict) else told


def _begun(
    item: Record,
    said: Mapping[str, JsonValue],
    ladder: Ladder,
    event: Event,
    *,
    at: datetime | None = None,
    layer: str | None = None,
) -> Record:
    """A new item, as far up as what is `said` of its layer and importance lets it begin."""
    policy = ladder.policy
    named = said.get("layer")
    name = str(named) if named is not None else layer or policy.entrances.get(item.type, policy.first)
    number, given = number_of(name, ladder), importance_in(said)
    importance = drawn(policy, number, event.id) if given is None else given
    rated: Rated = "drawn" if given is None else "given"
    moves: list[Move] = []
    born = micros(at or item.time or event.happened)
    began = begun(ladder, number, born, importance, moves)
    why = told(moves, ladder).removeprefix(AND)
    return placed(item.altered({"why": why}), began, ladder, number, rated)


def reflected(operation: Reflect, event: Event, view: ApplyView, ladder: Ladder) -> ChangeSet:
    """A reflection: an item in their layer, which rests on the sources of what it is about.

    Raises:
        NotApplicable: nothing of what it is about is there any more.
    """
    about = own(operation.items, view)
    if not about:
        raise NotApplicable(f"records {operation.items} are not there", "reflect on what is")
    sources = dict.fromkeys(source for record in about for source in record.sources)
    item = Record(
        id=view.new_id(),
        type=operation.kind,
        text=event.text,
        sources=(*sources, event.id),
        time=event.time,
        actor=event.actor,
        session=event.session,
        metadata=dict(operation.metadata),
        indexed={"text": spoken(event.actor, event.text)},
    )
    said: dict[str, JsonValue] = {"importance": operation.importance}
    made = _begun(item, said, ladder, event, layer=ladder.policy.reflecting)
    links = tuple(Link(source=made.id, type=REFLECTS, target=record.id) for record in about)
    return ChangeSet(records=(made,), links=links)


def rated(operation: Rate, event: Event, view: ApplyView, ladder: Ladder) -> ChangeSet:
    """An importance that was drawn is replaced by one that somebody gives, from the item's beginning on.

    Raises:
        NotApplicable: the item is not there, was rated before, or has been used or has moved since.
    """
    found = own([operation.item], view)
    if not found or not is_item(found[0]) or found[0].state is not State.LIVE:
        raise NotApplicable(f"item {operation.item!r} is not there", "rate what is recalled")
    (item,) = found
    stands = standing_in(item)
    if stands.rated != "drawn" or (item.time is not None and stands.since != item.time):
        raise NotApplicable(f"item {item.id!r} has a rating, or has moved since it began", "use `feedback`")
    number, moves = number_of(stands.began, ladder), list[Move]()
    began = begun(ladder, number, micros(stands.since), operation.importance, moves)
    why = f"rated {operation.importance:g}" + (f": {operation.why}" if operation.why else "")
    changed = item.altered({"why": why + told(moves, ladder)})
    return ChangeSet(records=(placed(changed, began, ladder, number, "model"),))


def fed_back(event: Event, view: ApplyView, ladder: Ladder) -> ChangeSet:
    """What a use adds to importances or takes away: at its time, from which they fall on.

    Raises:
        NotApplicable: none of the items is there.
        InvalidInput: its value is no number.
    """
    items = [one for one in own(event.about, view) if is_item(one)]
    if not items:
        raise NotApplicable(f"items {event.about} are not there", "see `recall`")
    kind, added = str(event.data.get("kind") or ""), ladder.policy.gain * _worth(event.data)
    made = []
    for item in items:
        if item.state not in (State.LIVE, State.FADED):
            continue
        moves: list[Move] = []
        before = arrays_of([item], ladder)
        after = raised(ladder, before, micros(event.happened), added, moves)
        if after is before:
            continue
        why = f"{kind or 'feedback'} {added:+g}: importance {float(after.importance[0]):.1f}"
        made.append(stood(item, after, 0, ladder, why + told(moves, ladder)))
    return ChangeSet(records=tuple(made))


def _worth(data: Mapping[str, JsonValue]) -> float:
    """What a feedback is worth, from -1 to 1."""
    value = data.get("value", 1.0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise InvalidInput(
            f"the value of a feedback is {value!r}", "give a number: 1 is a good use, -1 a bad one"
        )
    if data.get("kind") == PROFIT:
        return float(np.sign(value))
    return float(np.clip(value, -1, 1)) * (-1 if data.get("kind") == HARMED else 1)


def advanced(event: Event, view: ApplyView, ladder: Ladder) -> ChangeSet:
    """Everything that is due up to a moment moves or fades; who is not due is not looked at.

    Raises:
        Refused: time has passed beyond that moment.
    """
    now = read_moment(event.data.get("now")) or event.happened
    clocks = view.standing(CLOCK)
    passed = read_moment(clocks[0].payload.get("now")) if clocks else None
    if passed is not None and now < passed:
        raise Refused(
            f"time cannot go back to {now.isoformat()}: it has passed up to {passed.isoformat()}",
            "a query may ask any past moment: at=…",
        )
    due = [item for item in view.due(moment(micros(now) + 1)) if is_item(item)]
    clock = Record(
        id=clocks[0].id if clocks else view.new_id(),
        type=CLOCK,
        key=CLOCK,
        payload={"now": now.isoformat()},
        sources=(event.id,),
        time=event.time,
    )
    return ChangeSet(records=(*moved(due, micros(now), ladder), clock))


def moved(items: Sequence[Record], until: int, ladder: Ladder) -> list[Record]:
    """The items as they stand at a moment (microseconds) up to which they move."""
    if not items:
        return []
    moves: list[Move] = []
    standings = rolled(ladder, arrays_of(items, ladder), until, moves)
    due = next_moves(ladder, standings)[0].tolist()
    by_place: dict[int, list[Move]] = {}
    for move in moves:
        by_place.setdefault(move.place, []).append(move)
    return [
        stood(items[place], standings, place, ladder, told(some, ladder).removeprefix(AND), due[place])
        for place, some in sorted(by_place.items())
    ]


def told(moves: Iterable[Move], ladder: Ladder) -> str:
    """Moves in words, each after a semicolon."""
    return "".join(AND + _told(move, ladder) for move in moves)


def _told(move: Move, ladder: Ladder) -> str:
    names, policy = ladder.names, ladder.policy
    day = moment(move.at).isoformat(timespec="minutes")
    if move.kind == "promoted":
        reason = f"importance {move.importance:.1f} reached {ladder.ceiling[move.source]:g}"
        return f"promoted to {names[move.target]} on {day}: {reason}"
    if move.kind == "demoted":
        reason = f"importance {move.importance:.1f} fell under {ladder.floor[move.source]:g}"
        return f"demoted to {names[move.target]} on {day}: {reason}"
    if move.kind == "revived":
        return f"revived in {names[move.target]} on {day} by a good use"
    if move.recency < policy.least_recency:
        reason = f"recency {move.recency:.3f} under {policy.least_recency:g}"
    else:
        reason = f"importance {move.importance:.1f} under {policy.least_importance:g}"
    return f"faded from {names[move.source]} on {day}: {reason}"


def settled(event: Event, changes: ChangeSet, view: ApplyView, ladder: Ladder) -> ChangeSet:
    """What a shared operation made, standing in a layer.

    What is put begins; said again, it stands where it stood. What is corrected goes on where the wrong item
    stood. What is undone after it faded is revived.
    """
    records = []
    before = {one.id: one for one in own([one.id for one in changes.records], view)}
    for record in changes.records:
        old = before.get(record.id)
        if record.state is not State.LIVE or record.type == CLOCK or not record.text.strip():
            records.append(record)
        elif event.type == "undo" and old is not None and old.state is State.FADED and is_item(old):
            moves: list[Move] = []
            stands = arrays_of([old], ladder)
            after = raised(ladder, stands, micros(event.happened), ladder.policy.gain, moves)
            why = (record.why or "undone") + told(moves, ladder)
            records.append(stood(record, after, 0, ladder, why))
        elif event.type != "put" and is_item(record):
            number_of(standing_in(record).layer, ladder)
            records.append(record)
        elif old is not None and is_item(old) and old.text == record.text:
            payload = {**record.payload, **{name: old.payload[name] for name in STANDS}}
            sources = tuple(dict.fromkeys([*old.sources, *record.sources]))
            same = {"payload": payload, "due_at": old.due_at, "time": old.time, "sources": sources}
            records.append(record.altered(same))
        else:
            said = {**record.metadata, **record.payload}
            records.append(_begun(record, said, ladder, event, at=record.valid_from))
    return changes.altered({"records": tuple(records)})
