"""Where one item stands, as its record says it, and as the arrays that time is computed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import numpy as np
from pydantic import JsonValue, ValidationError

from agentmem.db.times import micros, moment
from agentmem.errors import InvalidInput
from agentmem.faults import first_fault
from agentmem.records import Record, State, Text, Time, Value
from agentmem.stores.layered.trajectory import NEVER, Ladder, Standings, next_moves

Rated = Literal["given", "drawn", "model"]
STANDS = ("layer", "began", "entered", "since", "importance", "rated")
"""What the payload of an item says of where it stands."""


class Standing(Value):
    """Where an item stands from a moment on: the part of its record's payload that is the store's.

    Attributes:
        layer: The layer; of a faded item, that which it faded from.
        began: The layer in which it began, before its importance moved it.
        entered: When its clock in the layer started.
        since: From when on this is so.
        importance: At `since`.
        rated: Where its importance came from at the beginning.
    """

    layer: Text
    began: Text
    entered: Time
    since: Time
    importance: float
    rated: Rated = "given"


def stands_in(payload: Mapping[str, object]) -> bool:
    """Whether a payload says where an item stands."""
    return all(name in payload for name in STANDS)


def is_item(record: Record) -> bool:
    """Whether a record is an item that stands in a layer."""
    return stands_in(record.payload)


def standing_in(record: Record) -> Standing:
    """Where a record says that it stands.

    Raises:
        InvalidInput: it does not say so.
    """
    try:
        return Standing(**{name: record.payload.get(name) for name in STANDS})
    except ValidationError as error:
        fault = first_fault(error)
        raise InvalidInput(
            f"record {record.id!r}: {fault.where}: {fault.message}", "see `history`"
        ) from error


def arrays_of(records: Sequence[Record], ladder: Ladder) -> Standings:
    """Where n records stand, as arrays, (n,)."""
    told = [standing_in(record) for record in records]
    layers = [number_of(one.layer, ladder) for one in told]
    born = [born_of(record, one) for record, one in zip(records, told, strict=True)]
    return Standings(
        np.array(layers, np.int8),
        np.array(born, np.int64),
        np.array([micros(one.entered) for one in told], np.int64),
        np.array([micros(one.since) for one in told], np.int64),
        np.array([one.importance for one in told], np.float64),
        np.array([record.state is State.FADED for record in records], np.bool_),
    )


def born_of(record: Record, told: Standing) -> int:
    """When a record's item happened, in microseconds: from when on it is true, where it was told later."""
    born = micros(record.time) if record.time is not None else micros(told.entered)
    return born if record.valid_from is None else min(born, micros(record.valid_from))


def micros_of(told: object) -> int:
    """A time of a payload, in microseconds."""
    return micros(datetime.fromisoformat(str(told)))


def number_of(layer: str, ladder: Ladder) -> int:
    """The number of a layer.

    Raises:
        InvalidInput: there is none of that name.
    """
    if layer not in ladder.names:
        raise InvalidInput(
            f"the layer policy {ladder.policy.name!r} has no layer {layer!r}",
            f"it has: {', '.join(ladder.names)}",
        )
    return ladder.names.index(layer)


def stood(
    record: Record, standings: Standings, place: int, ladder: Ladder, why: str, due: int | None = None
) -> Record:
    """The next version of an item: where it stands by now, and when it moves next.

    Args:
        record: The version before.
        standings: Where items stand.
        place: Which of them it is.
        ladder: The policy.
        why: What moved it.
        due: When it moves next, in microseconds, where that is known already.
    """
    if due is None:
        due = int(next_moves(ladder, standings.taken(np.array([place])))[0][0])
    told = {
        "layer": ladder.names[int(standings.layer[place])],
        "entered": moment(int(standings.entered[place])).isoformat(),
        "since": moment(int(standings.since[place])).isoformat(),
        "importance": float(standings.importance[place]),
    }
    state = record.state
    if state in (State.LIVE, State.FADED):
        state = State.FADED if standings.faded[place] else State.LIVE
    return record.altered(
        {"payload": {**record.payload, **told}, "state": state, "due_at": due_moment(due), "why": why}
    )


def placed(record: Record, standings: Standings, ladder: Ladder, began: int, rated: Rated) -> Record:
    """A new item, standing where its one-item arrays say."""
    own: dict[str, Any] = {"began": ladder.names[began], "rated": rated}
    return stood(record.altered({"payload": {**record.payload, **own}}), standings, 0, ladder, record.why)


def due_moment(at: int) -> datetime | None:
    """The moment of a move; none for one that never comes."""
    return moment(at) if at < NEVER else None


def importance_in(data: Mapping[str, JsonValue]) -> float | None:
    """The importance that an event's data give; none where they give none.

    Raises:
        InvalidInput: it is no number from 0 to 100.
    """
    given = data.get("importance")
    if given is None:
        return None
    low, high = 0, 100
    if isinstance(given, bool) or not isinstance(given, int | float) or not low <= given <= high:
        raise InvalidInput(f"importance is {given!r}", "give a number from 0 to 100, or leave it out")
    return float(given)
