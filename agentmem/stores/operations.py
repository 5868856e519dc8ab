"""Operations that all stores share: put, correct, retract; `undo` is in `undoing`. All are deterministic.

Trust guards them: what is trusted less never retires what is trusted more; then both stand, linked as
alternatives. An operation that comes late, with an older time than what stands, enters the history.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from pydantic import JsonValue

from agentmem.bank.view import ApplyView
from agentmem.errors import InvalidInput, NotApplicable, Refused
from agentmem.records import ALTERNATIVE, RESTATED, SUPERSEDES, ChangeSet, Event, Link, Record, State, spoken

STOOD = "stood"
"""Under which key, and how much trusted, the records stood that an operation is about: in its data, by id."""


def moment(value: Any) -> datetime | None:
    """A time as operations carry it in their data: ISO-8601, or none.

    Raises:
        InvalidInput: it is not such a text.
    """
    try:
        return None if value is None else datetime.fromisoformat(str(value))
    except ValueError as error:
        raise InvalidInput(f"operation names the time {value!r}", "write ISO-8601 with its zone") from error


def put(event: Event, view: ApplyView) -> ChangeSet:
    """A value under a key: new, restated (a further source), replaced, or changed `since` a date.

    Of several values that stand, it concerns the one that says the same, else the most trusted one that it
    may retire. Where these are two, what says the same takes the place of the other.

    Raises:
        InvalidInput: it names no key.
    """
    data = event.data
    if not data.get("key"):
        raise InvalidInput(f"operation {event.id!r} puts a value under no key", 'give one: data={"key": …}')
    text = event.text
    made = Record(
        id="",
        type=str(data.get("type") or "record"),
        key=str(data["key"]),
        text=text,
        payload=cast(dict[str, JsonValue], data.get("payload") or {}),
        sources=(event.id,),
        time=event.time,
        actor=event.actor,
        session=event.session,
        due_at=moment(data.get("due_at")),
        expires_at=moment(data.get("expires_at")),
        pinned=bool(data.get("pinned")),
        metadata=cast(dict[str, JsonValue], data.get("metadata") or {}),
        indexed=_indexed(data.get("index"), text),
    )
    standing, since = view.standing(made.key or ""), moment(data.get("since"))
    if not standing:
        return ChangeSet(records=(made.revised(id=view.new_id(), valid_from=since),))
    same = next((old for old in standing if (old.text, old.payload) == (made.text, made.payload)), None)
    retired = next((old for old in standing if old.trust.rank <= event.trust.rank), None)
    if same is None or retired is None or same.id == retired.id:
        return replace(same or retired or standing[0], made, event, view, since=since)
    if since is not None or _is_late(event, retired):
        return replace(retired, made, event, view, since=since)
    said = _restated(same, made, event)
    return ChangeSet(
        records=(*said.records, retired.revised(state=State.SUPERSEDED, why="what stood beside it was said")),
        links=(*said.links, Link(source=same.id, type=SUPERSEDES, target=retired.id)),
    )


def replace(
    old: Record, new: Record, event: Event, view: ApplyView, *, since: datetime | None = None
) -> ChangeSet:
    """What becomes of a standing record when `new`, under the same key, is stated by `event`.

    Args:
        old: The record that stands.
        new: The record as the event states it; its id is given here.
        event: The event that states it.
        view: The view of `apply`.
        since: Since when the new value is true; none: it takes the old one's place.
    """
    if (new.text, new.payload, since) == (old.text, old.payload, None):
        return _restated(old, new, event)
    if event.trust.rank < old.trust.rank:
        return _beside(old, new.revised(id=view.new_id(), valid_from=since))
    if since is None and _is_late(event, old):
        late = new.revised(id=view.new_id(), state=State.SUPERSEDED, why="stated late: a newer value stands")
        return ChangeSet(records=(late,), links=(Link(source=old.id, type=SUPERSEDES, target=late.id),))
    if since is None:
        return ChangeSet(records=(new.revised(id=old.id, valid_from=old.valid_from),))
    begins = old.valid_from or (old.time if _is_late(event, old) else None)
    if begins is not None and since < begins:
        earlier = new.revised(
            id=view.new_id(), valid_from=since, valid_to=begins, why="true before what stands"
        )
        return ChangeSet(records=(earlier,), links=(Link(source=old.id, type=SUPERSEDES, target=earlier.id),))
    ended = old.revised(valid_to=since, why="changed")
    begun = new.revised(id=view.new_id(), valid_from=since)
    return ChangeSet(records=(ended, begun), links=(Link(source=begun.id, type=SUPERSEDES, target=old.id),))


def _is_late(event: Event, old: Record) -> bool:
    """Whether an event tells of a time before that of what stands."""
    return old.time is not None and event.happened < old.time


def _restated(old: Record, new: Record, event: Event) -> ChangeSet:
    """The same again: a further source. Less trust is only noted, or it would lower that of the record (once
    the record is forgotten, it is what stands); more trust takes the record over.
    """
    if event.trust.rank < old.trust.rank:
        return ChangeSet(links=(Link(source=old.id, type=RESTATED, target=event.id),))
    sources = (event.id,) if event.trust.rank > old.trust.rank else (*old.sources, event.id)
    kept = {"id": old.id, "sources": sources, "valid_from": old.valid_from, "time": old.time}
    return ChangeSet(records=(new.revised(**kept),))


def correct(event: Event, view: ApplyView) -> ChangeSet:
    """A record is replaced by another one: `since` a date, or because it was never so.

    Raises:
        NotApplicable: the record does not stand any more.
        InvalidInput: it is about nothing, or about a record of another store.
    """
    data = event.data
    since = moment(data.get("since"))
    by = str(data.get("by") or "")
    found = {record.id: record for record in own([*about(event), by], view)}
    old = found.get(event.about[0]) or _heir(event.about[0], event, view)
    if old is None:
        return ChangeSet() if by else ChangeSet(records=(_correction(event, view, since),))
    if old.state is not State.LIVE or old.valid_to is not None:
        raise NotApplicable(
            f"record {old.id!r} is {old.state.value} already", "correct what stands now: see its history"
        )
    if by:
        new = found.get(by) or _heir(by, event, view)
        if new is None:
            return ChangeSet()
        made = new.revised(valid_from=since) if since is not None else None
    else:
        new = made = _correction(event, view, since)
    if event.trust.rank < old.trust.rank:
        return _beside(old, made) if made is not None else ChangeSet(links=(_alternative(new, old),))
    why = str(data.get("why") or "")
    ended = old.revised(valid_to=since, why=why) if since else old.revised(state=State.SUPERSEDED, why=why)
    return ChangeSet(
        records=(ended, made) if made is not None else (ended,),
        links=(Link(source=new.id, type=SUPERSEDES, target=old.id),),
    )


def _correction(event: Event, view: ApplyView, since: datetime | None) -> Record:
    """The record that a correction states: the operation says all of it, and outlives the old record."""
    data = event.data
    return Record(
        id=view.new_id(),
        type=str(data.get("type") or "message"),
        key=str(data["key"]) if data.get("key") else None,
        text=event.text,
        sources=(event.id,),
        time=event.time,
        actor=event.actor,
        session=event.session,
        valid_from=since,
        due_at=moment(data.get("due_at")),
        expires_at=moment(data.get("expires_at")),
        pinned=bool(data.get("pinned")),
        payload=cast(dict[str, JsonValue], data.get("payload") or {}),
        metadata=cast(dict[str, JsonValue], data.get("metadata") or {}),
        indexed={"text": spoken(event.actor, event.text)},
    )


def retract(event: Event, view: ApplyView) -> ChangeSet:
    """Records leave recall, and stay in the history.

    Raises:
        NotApplicable: none of them is there. (Some may be forgotten: the others are retracted all the same.)
        Refused: one of them is trusted more than the event.
        InvalidInput: it is about nothing, or about a record of another store.
    """
    records = own(about(event), view)
    gone = set(event.about) - {record.id for record in records}
    records += [heir for id in sorted(gone) if (heir := _heir(id, event, view)) is not None]
    if not records:
        raise NotApplicable(f"records {event.about} are not there", "see `get`")
    for record in records:
        if event.trust.rank < record.trust.rank:
            raise Refused(
                f"record {record.id!r} is trusted as {record.trust.value!r}, not {event.trust.value!r}",
                "let somebody trusted as much retract it",
            )
    why = str(event.data.get("why") or "")
    standing = [record for record in records if record.state is State.LIVE]
    return ChangeSet(records=tuple(record.revised(state=State.RETRACTED, why=why) for record in standing))


def stood(records: Iterable[Record]) -> dict[str, JsonValue]:
    """What an operation about `records` says of them under `STOOD`, of those that stand under a key."""
    standing = (one for one in records if one.key and one.state is State.LIVE and one.valid_to is None)
    return {record.id: [record.key, record.trust.value] for record in standing}


def _heir(id: str, event: Event, view: ApplyView) -> Record | None:
    """What stands where the record `id` stood when the operation was made; none where nothing does.

    A record is called after the event that stated it first. Where that is forgotten, what was said
    under its key since is called otherwise, and the operation is about it all the same.
    """
    told = event.data.get(STOOD)
    named = told.get(id) if isinstance(told, dict) else None
    if not isinstance(named, list) or len(named) != len(("key", "trust")):
        return None
    key, trust = named
    return next((record for record in view.standing(str(key)) if record.trust.value == trust), None)


def about(event: Event) -> tuple[str, ...]:
    """The ids that an operation is about.

    Raises:
        InvalidInput: there are none.
    """
    if not event.about:
        raise InvalidInput(f"operation {event.id!r} ({event.type}) is about no record", "name one in `about`")
    return event.about


def own(ids: Sequence[str], view: ApplyView) -> list[Record]:
    """The records `ids`, all of this store: what another store holds it may hold otherwise in a replay.

    Raises:
        InvalidInput: one is another store's.
    """
    records = view.get(ids)
    for record in records:
        if record.store != view.store:
            raise InvalidInput(
                f"record {record.id!r} is one of the store {record.store!r}, not of {view.store!r}",
                "name records of one store",
            )
    return records


def _beside(old: Record, new: Record) -> ChangeSet:
    return ChangeSet(records=(new,), links=(_alternative(new, old),))


def _alternative(new: Record, old: Record) -> Link:
    return Link(source=new.id, type=ALTERNATIVE, target=old.id)


def _indexed(index: Any, text: str) -> dict[str, str]:
    if isinstance(index, dict):
        return {str(name): str(value) for name, value in index.items()}
    return {"text": text} if text and index is not False else {}
