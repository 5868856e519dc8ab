"""How subgoals are kept: a record a chunk, and for each session where it stands and what it knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Literal, TypeVar

from pydantic import Field, ValidationError

from agentmem.bank.view import View
from agentmem.errors import InvalidInput, NotApplicable
from agentmem.records import Event, Record, State, Text, Value
from agentmem.synthesis.render import inline

CHUNK, TRAIL, FACTS, LATEST = "subgoal", "trail", "facts", "session"
"""The types of the store's records; the last one says which session acted last."""
ASIDE = (TRAIL, FACTS, LATEST)
"""Those that are no answers: they say where a session stands."""
STEP = "step"
"""The type of the link from a chunk to each action and observation of it."""
ACTION, OBSERVATION = "action", "observation"
"""The types of the events that a session is made of."""
UNNAMED = "(no subgoal)"
"""What is shown as the goal of steps that were taken before any subgoal was named."""

Fact = tuple[str, bool | str, str]
"""The chunk that told a fact last, whether it holds (or what says that it does not), and the event."""


class Chunk(Value):
    """The payload of a subgoal's record.

    Attributes:
        goal: What is, or was, to be reached; empty for steps without a subgoal.
        origin: The id under which its steps are linked, which a correction of its record does not change.
        number: Its place among the subgoals of the session, from 1.
        parent: The id of the subgoal that it is part of.
        state: Whether it goes on; `reopened`: once more.
        reached: Whether it was reached, where somebody judged.
        summary: What came of it, where a model or a caller put it into words.
    """

    goal: Text = ""
    origin: Text = ""
    number: int
    parent: Text = ""
    state: Literal["open", "closed", "reopened"] = "open"
    reached: bool | None = None
    summary: Text = ""

    @property
    def shown(self) -> str:
        """The goal on one line."""
        return inline(self.goal) or UNNAMED


class Trail(Value):
    """Where a session stands: the payload of its record.

    Attributes:
        count: How many subgoals there were.
        path: Ids of the open subgoals, the current one last.
        steps: Ids and tokens of the current one's events that are shown in full, oldest first.
        last: The id of its last observation.
        closed: Ids of the subgoals closed last, oldest first.
    """

    count: int = 0
    path: tuple[Text, ...] = ()
    steps: tuple[tuple[Text, int], ...] = ()
    last: Text = ""
    closed: tuple[Text, ...] = ()


class Facts(Value):
    """What was told in the parts of a session that are not shown in full: the payload of its record.

    Attributes:
        told: Of each fact, by its sentence, where it was told last and how; in the order of telling.
    """

    told: dict[Text, Fact] = Field(default_factory=dict)

    def without(self, events: Collection[str]) -> Facts:
        """The same without what these events told."""
        if not events:
            return self
        return Facts.built(told={fact: told for fact, told in self.told.items() if told[2] not in events})

    def with_steps(self, steps: Iterable[Record], chunk: str, most: int) -> Facts:
        """The same after the observations among `steps` of a chunk.

        Of more than `most`, what does not hold is dropped first, then the oldest.
        """
        told = dict(self.told)
        for record in steps:
            for fact, said in facts_of(record).items():
                told.pop(fact, None)
                told[fact] = (chunk, said, record.id)
        if len(told) > most:
            going = sorted(told, key=lambda fact: told[fact][1] is True)
            for fact in going[: len(told) - most]:
                del told[fact]
        return Facts.built(told=told)


def facts_of(record: Record) -> Mapping[str, bool | str]:
    """What an observation says of facts, in its data under `facts`.

    By the sentence that tells a fact where it holds: True, or the sentence that says that it does not.
    """
    found = record.payload.get("facts") if record.type == OBSERVATION else None
    if not isinstance(found, dict):
        return {}
    return {fact: said for fact, said in found.items() if isinstance(said, bool | str)}


Payload = TypeVar("Payload", Chunk, Trail, Facts)
Held = TypeVar("Held", Trail, Facts)


def read(record: Record, kind: type[Payload]) -> Payload:
    """The payload of a record of the store.

    Raises:
        InvalidInput: it is none of that kind.
    """
    try:
        return kind.model_validate(record.payload)
    except ValidationError as error:
        raise InvalidInput(
            f"the payload of {record.id!r} is none of a {kind.__name__.lower()}: {error.errors()[0]['msg']}",
            "leave the payload of subgoals to their operations",
        ) from error


def held_in(record: Record | None, kind: type[Held]) -> Held:
    """What a session's record holds; where there is none yet, what it holds at first."""
    return kind() if record is None else read(record, kind)


def is_chunk(record: Record) -> bool:
    """Whether a record is a subgoal's: under the type's name others may put what they like."""
    return record.type == CHUNK and "number" in record.payload


def chunk_key(session: str, goal: str) -> str:
    """The key of a subgoal's record: a goal in the same words is the same subgoal."""
    return f"{CHUNK}/{session}/{' '.join(goal.casefold().split())}"


def session_key(type: str, session: str) -> str:
    """The key of a session's record of a type; there is one for all sessions of which acted last."""
    return type if type == LATEST else f"{type}/{session}"


def standing(view: View, key: str, type: str) -> Record | None:
    """The record of that type that stands under a key; what else was put under it is none."""
    return _of_type(view.standing(key), type)


def _of_type(records: Iterable[Record], type: str) -> Record | None:
    return next((one for one in records if one.type == type), None)


def session_records(view: View, session: str, *types: str) -> list[Record | None]:
    """What stands of a session's records of these types, in one read."""
    keys = {type: session_key(type, session) for type in types}
    found = view.standing_each(keys.values())
    return [_of_type(found[key], type) for type, key in keys.items()]


def chunks_among(view: View, ids: Iterable[str]) -> dict[str, tuple[Record, Chunk]]:
    """Those of `ids` that are subgoals and stand: their records, or what corrected these, and payloads."""
    return chunks_of(view, view.get(ids))


def chunks_of(view: View, records: Iterable[Record]) -> dict[str, tuple[Record, Chunk]]:
    """The same of records that are read already; what is no subgoal is left out."""
    found = {}
    for record in records:
        now: Record | None = record
        if record.store == view.store and is_chunk(record):
            if record.state is State.SUPERSEDED or record.valid_to is not None:
                now = standing(view, record.key or "", CHUNK)
            if now is not None and is_chunk(now) and now.state is State.LIVE:
                found[record.id] = (now, read(now, Chunk))
    return found


def chunk_of(view: View, id: str) -> tuple[Record, Chunk]:
    """The subgoal `id`.

    Raises:
        NotApplicable: there is none, or it does not stand any more.
    """
    found = chunks_among(view, [id])
    if id not in found:
        raise NotApplicable(f"there is no subgoal {id!r}", "take an id from `subgoals()`")
    return found[id]


def record_of(id: str, chunk: Chunk, event: Event, result: str, sources: Iterable[str] = ()) -> Record:
    """The record of a subgoal, as `event` makes it.

    Args:
        id: Its id.
        chunk: Its payload.
        event: The operation, or the step that began it.
        result: The last observation, where it is closed; a summary says more.
        sources: Further events that it came from.
    """
    said = inline(chunk.summary or result)
    text = f"Subgoal: {chunk.shown}" + (f"\nResult: {said}" if said and chunk.state == "closed" else "")
    return Record(
        id=id,
        type=CHUNK,
        key=chunk_key(event.session, chunk.goal),
        text=text,
        payload=chunk.model_dump(mode="json", exclude_defaults=True),
        sources=tuple(dict.fromkeys([*sources, event.id])),
        time=event.time,
        actor=event.actor,
        session=event.session,
        indexed={"text": text} if chunk.goal or said else {},
    )
