"""The journal: events and what they name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from pydantic import JsonValue
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from agentmem.db import damage, names
from agentmem.db.many import among, among_given, many
from agentmem.db.tables import event as table
from agentmem.db.tables import namespace as namespaces
from agentmem.db.tables import reference
from agentmem.db.times import micros, moment
from agentmem.records import Event, Trust

LIVE, QUARANTINED, ARCHIVED, FORGOTTEN = "live", "quarantined", "archived", "forgotten"
TRACE_STORE = "bank"
"""The store that traces of forgetting and the like name: there is none of that name."""
STATES = (LIVE, QUARANTINED, ARCHIVED, FORGOTTEN)
EMPTIED = (ARCHIVED, FORGOTTEN)
"""The states in which a row holds no word of its event."""


def digest(event: Event) -> bytes:
    """What an event is, apart from when it was recorded: equal for a retry of the same event."""
    said = [event.type, event.actor, event.trust, event.session, event.text, event.data]
    about = [event.store, list(event.about), list(event.caused_by)]
    return hashlib.sha256(json.dumps([said, about], ensure_ascii=False, sort_keys=True).encode()).digest()


_INSERT, _INSERT_REFERENCES = insert(table), insert(reference)


def write(
    connection: Connection, number: int, events: Sequence[Event], digests: Sequence[bytes | None]
) -> None:
    """Add `events` (with id, seq and times) to namespace `number`."""
    if not events:
        return
    connection.execute(
        _INSERT,
        [
            {
                "seq": event.seq,
                "namespace": number,
                "id": event.id,
                "type": event.type,
                "store": event.store,
                "actor": event.actor,
                "trust": event.trust.value,
                "session": event.session,
                "time": micros(event.time),
                "recorded_at": micros(event.recorded_at),
                "text": event.text,
                "data": _json(event.data),
                "digest": digest,
                "state": event.state,
            }
            for event, digest in zip(events, digests, strict=True)
        ],
    )
    _refer(connection, number, events)


def _refer(
    connection: Connection, number: int, events: Iterable[Event], kinds: Collection[str] = ("cause", "about")
) -> None:
    references = [
        {"seq": event.seq, "kind": kind, "ordinal": ordinal, "target": target, "namespace": number}
        for event in events
        for kind, targets in (("cause", event.caused_by), ("about", event.about))
        if kind in kinds
        for ordinal, target in enumerate(targets)
    ]
    if references:
        connection.execute(_INSERT_REFERENCES, references)


_KNOWN = select(table.c.id, table.c.seq, table.c.digest, table.c.state).where(
    table.c.namespace == bindparam("number"), among_given(table.c.id, "ids")
)


def known(
    connection: Connection, number: int, ids: Iterable[str]
) -> dict[str, tuple[int, bytes | None, str]]:
    """Sequence number, digest and state by id, of those of `ids` that are in the journal."""
    rows = connection.execute(_KNOWN, {"number": number, "ids": many(ids)}).all()
    return {id: (seq, digest, state) for id, seq, digest, state in rows}


def load(
    connection: Connection,
    number: int | None,
    where: Sequence[ColumnElement[bool]],
    *,
    newest_first: bool = False,
    limit: int | None = None,
    unchecked: bool = False,
    sorted_after: bool = False,
) -> list[Event]:
    """The events of a namespace (none: of any) that pass `where`, in the order of the journal.

    With `sorted_after` what passes is looked up by `where`: no index of the journal's order is walked.

    Raises:
        Damaged: one is not what was appended, unless they are taken `unchecked`; or of another namespace.
    """
    if number is not None:
        where = [table.c.namespace == number, *where]
    seq = table.c.seq + 0 if sorted_after else table.c.seq
    order = seq.desc() if newest_first else seq
    wanted = select(table, namespaces.c.path).join(namespaces).where(*where).order_by(order).limit(limit)
    rows = connection.execute(wanted).all()
    with damage.reading("the journal"):
        found = build(connection, rows)
        hashes = [
            row.digest if event.emptied else digest(event) for event, row in zip(found, rows, strict=True)
        ]
    for event, row, now in zip(found, rows, hashes, strict=True):
        if number is not None and row.namespace != number:
            raise damage.strays("an event")
        if now != row.digest and not unchecked:
            raise damage.not_as_written(f"event {event.id!r}", "restore a backup, or forget the event")
    return found


def build(connection: Connection, rows: Sequence[Row[Any]]) -> list[Event]:
    """Events from rows of the table joined with their namespace's path."""
    named: dict[tuple[int, str], list[str]] = {}
    wanted = select(reference.c.seq, reference.c.kind, reference.c.target)
    wanted = wanted.where(among(reference.c.seq, [row.seq for row in rows]))
    for seq, kind, target in connection.execute(wanted.order_by(reference.c.seq, reference.c.ordinal)).all():
        named.setdefault((seq, kind), []).append(target)
    return [
        Event.built(
            id=row.id,
            type=row.type,
            actor=row.actor,
            trust=Trust(row.trust),
            time=moment(row.time),
            recorded_at=moment(row.recorded_at),
            session=row.session,
            caused_by=tuple(named.get((row.seq, "cause"), ())),
            text=row.text,
            data=json.loads(row.data) if row.data else {},
            store=row.store,
            about=tuple(named.get((row.seq, "about"), ())),
            namespace=names.decode(row.path),
            seq=row.seq,
            state=row.state,
        )
        for row in rows
    ]


def by_ids(
    connection: Connection, number: int, ids: Iterable[str], *, unchecked: bool = False
) -> list[Event]:
    """The events of `ids`, forgotten ones too, in the order of the journal."""
    return load(connection, number, [among(table.c.id, ids)], unchecked=unchecked, sorted_after=True)


def by_seqs(connection: Connection, seqs: Iterable[int]) -> list[Event]:
    """The live events with these sequence numbers, in order."""
    return load(connection, None, [among(table.c.seq, seqs), table.c.state == LIVE])


def journal(
    connection: Connection,
    number: int,
    *,
    store: str | None = None,
    after: int = 0,
    before: int | None = None,
    session: str | None = None,
    newest_first: bool = False,
    observed_only: bool = False,
    operations_only: bool = False,
    about: Iterable[str] | None = None,
    states: Collection[str] = (LIVE,),
    limit: int | None = None,
    unchecked: bool = False,
) -> list[Event]:
    """The journal of a namespace, or what `store` folds of it: observations and its own operations.

    With `about` only what names one of these ids as what it is about; with other `states` what is not live.
    """
    where: list[ColumnElement[bool]] = [table.c.seq > after]
    if before is not None:
        where.append(table.c.seq < before)
    if store is not None:
        where.append(or_(table.c.store == "", table.c.store == store))
    if observed_only:
        where.append(table.c.store == "")
    if operations_only:
        where.append(table.c.store != "")
    if about is not None:
        naming = select(reference.c.seq).where(
            reference.c.namespace == number, reference.c.kind == "about", among(reference.c.target, about)
        )
        where.append(table.c.seq.in_(naming))
    if session is not None:
        where.append(table.c.session == session)
    if set(states) != set(STATES):
        where.append(table.c.state.in_(states))
    return load(connection, number, where, newest_first=newest_first, limit=limit, unchecked=unchecked)


def operations(
    connection: Connection, number: int, types: Collection[str], *, before: int | None, limit: int
) -> list[Event]:
    """The newest operations of these types, of all stores; with `before` only those before that number."""
    where = [table.c.store != "", table.c.type.in_(types), table.c.state == LIVE]
    if before is not None:
        where.append(table.c.seq < before)
    return load(connection, number, where, newest_first=True, limit=limit)


_SEQ_AT = select(func.max(table.c.seq)).where(
    table.c.namespace == bindparam("number"), table.c.recorded_at <= bindparam("at")
)


def seqs_at(connection: Connection, numbers: Iterable[int], known_at: datetime) -> dict[int, int]:
    """By namespace, the number of its last event recorded at or before `known_at`, or 0."""
    at = micros(known_at)
    found = {number: connection.execute(_SEQ_AT, {"number": number, "at": at}).scalar() for number in numbers}
    return {number: int(seq or 0) for number, seq in found.items()}


_LAST_RECORDED = select(func.max(table.c.recorded_at)).where(table.c.namespace == bindparam("number"))


def last_recorded(connection: Connection, number: int) -> datetime | None:
    """When the namespace's newest event was recorded."""
    return moment(connection.execute(_LAST_RECORDED, {"number": number}).scalar())


def caused_by(connection: Connection, number: int, ids: Iterable[str]) -> dict[str, list[str]]:
    """For each of `ids`, the ids of the live events that it caused, directly."""
    caused: dict[str, list[str]] = {}
    for target, event_id in connection.execute(_naming(number, "cause", ids)).all():
        caused.setdefault(target, []).append(event_id)
    return caused


def about(connection: Connection, number: int, ids: Iterable[str]) -> set[str]:
    """The ids of the live operations that are about any of `ids`."""
    return {event_id for _, event_id in connection.execute(_naming(number, "about", ids)).all()}


def _naming(number: int, kind: str, targets: Iterable[str]) -> Select[Any]:
    """Which of `targets` a live event of a namespace names as `kind`, and the event's id."""
    return (
        select(reference.c.target, table.c.id)
        .join(table, table.c.seq == reference.c.seq)
        .where(
            reference.c.namespace == number,
            reference.c.kind == kind,
            among(reference.c.target, targets),
            table.c.state != FORGOTTEN,
        )
    )


def ids_of(connection: Connection, number: int, session: str | None = None) -> list[str]:
    """The ids of the events of a namespace that are not forgotten, or of one session of it."""
    wanted = select(table.c.id).where(table.c.namespace == number, table.c.state != FORGOTTEN)
    if session is not None:
        wanted = wanted.where(table.c.session == session)
    return list(connection.execute(wanted.order_by(table.c.seq)).scalars())


def empty(connection: Connection, seqs: Iterable[int], state: str = FORGOTTEN) -> None:
    """Empty the rows of `seqs`: nothing of what was said, done or named; archived ones keep their hashes."""
    blank: dict[str, Any] = {"text": "", "data": None, "actor": "", "session": "", "state": state}
    if state == FORGOTTEN:
        blank["digest"] = None
    gone = list(seqs)
    connection.execute(delete(reference).where(among(reference.c.seq, gone), reference.c.kind == "about"))
    connection.execute(update(table).where(among(table.c.seq, gone)).values(**blank))


def refill(connection: Connection, number: int, events: Iterable[Event]) -> None:
    """Let the emptied rows of `events` say again what they said, in the place that they had."""
    for event in events:
        said = {
            "text": event.text,
            "data": _json(event.data),
            "actor": event.actor,
            "session": event.session,
            "state": event.state,
            "digest": digest(event),
        }
        connection.execute(
            update(table).where(table.c.namespace == number, table.c.id == event.id).values(**said)
        )
    _refer(connection, number, events, ("about",))


def release(connection: Connection, seqs: Iterable[int]) -> None:
    """Make quarantined events live."""
    connection.execute(update(table).where(among(table.c.seq, seqs)).values(state=LIVE))


def reword(connection: Connection, events: Iterable[Event]) -> None:
    """Change what the rows of `events` say to what the events say: text, data, and the digest of both."""
    for event in events:
        said = {"text": event.text, "data": _json(event.data), "digest": digest(event)}
        connection.execute(update(table).where(table.c.seq == event.seq).values(**said))


def _json(data: dict[str, JsonValue]) -> str | None:
    return json.dumps(data, ensure_ascii=False) if data else None


def count(connection: Connection, number: int | None = None) -> dict[str, int]:
    """How many events there are: live observations, live operations, and those of each other state."""
    is_operation = (table.c.store != "").label("is_operation")
    wanted = select(table.c.state, is_operation, func.count()).group_by(table.c.state, "is_operation")
    if number is not None:
        wanted = wanted.where(table.c.namespace == number)
    counts = dict.fromkeys(("events", "operations", *STATES[1:]), 0)
    for state, operation, n in connection.execute(wanted):
        counts[state if state != LIVE else "operations" if operation else "events"] += cast(int, n)
    return counts


_ORIGINS = (
    select(table.c.id, table.c.trust, reference.c.target)
    .outerjoin(reference, and_(reference.c.seq == table.c.seq, reference.c.kind == "cause"))
    .where(table.c.namespace == bindparam("number"), among_given(table.c.id, "ids"))
    .order_by(reference.c.ordinal)
)


def origins(
    connection: Connection, number: int, event_ids: Iterable[str]
) -> dict[str, tuple[Trust, list[str]]]:
    """Trust and causes of the events `event_ids`."""
    found: dict[str, tuple[Trust, list[str]]] = {}
    ids = list(event_ids)
    if not ids:  # as for most of what is said: nothing caused it
        return found
    for event_id, trust, cause in connection.execute(_ORIGINS, {"number": number, "ids": many(ids)}).all():
        causes = found.setdefault(event_id, (Trust(trust), []))[1]
        if cause is not None:
            causes.append(cause)
    return found
