"""Pages of what is kept, by keyset: each begins behind the last row of the one before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    TextClause,
    and_,
    func,
    literal,
    select,
    tuple_,
)

from agentmem.db import events, names, sizes, versions
from agentmem.db.conditions import current
from agentmem.db.many import among
from agentmem.db.tables import RETIRED, source
from agentmem.db.tables import event as event_table
from agentmem.db.tables import namespace as namespaces
from agentmem.db.tables import record as record_table
from agentmem.db.times import micros, moment
from agentmem.records import Event, Namespace, Record, State

Mark = tuple[int, int]
"""What a page of records begins behind: a sequence number, and a row."""


def journal(
    connection: Connection,
    number: int,
    *,
    before: int | None = None,
    limit: int,
    equal: dict[str, str],
    operations: bool | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Event]:
    """Events of a namespace, the last one appended first; operations and forgotten ones too.

    Args:
        connection: What is read.
        number: Of the namespace.
        before: Only those with a lower sequence number.
        limit: How many.
        equal: What `type`, `actor`, `trust`, `session` or `store` must be.
        operations: Only operations, or only observations; none: both.
        since: Only what happened then or later.
        until: Only what happened then or before.
    """
    where: list[ColumnElement[bool]] = [event_table.c[name] == value for name, value in equal.items()]
    if before is not None:
        where.append(event_table.c.seq < before)
    if operations is not None:
        where.append((event_table.c.store != "") if operations else (event_table.c.store == ""))
    if since is not None:
        where.append(event_table.c.time >= micros(since))
    if until is not None:
        where.append(event_table.c.time <= micros(until))
    few = "session" in equal  # an index leads to a session; the whole journal would be walked for it
    return events.load(connection, number, where, newest_first=True, limit=limit, sorted_after=few)


def records(
    connection: Connection,
    number: int,
    store: str,
    where: Sequence[ColumnElement[bool]],
    *,
    before: Mark | None = None,
    limit: int,
) -> list[tuple[Mark, Record]]:
    """Current records of a store that pass `where`, the one changed last first, each with its mark."""
    conditions = [record_table.c.namespace == number, record_table.c.store == store, current(), *where]
    return _marked(connection, number, record_table.c.touched, conditions, before, limit)


def retirements(
    connection: Connection, number: int, *, before: Mark | None = None, limit: int
) -> list[tuple[Mark, Record]]:
    """The versions by which records left recall (superseded, retracted, faded), newest first."""
    kept = record_table.c.state != State.FORGOTTEN.value
    conditions: list[ColumnElement[bool] | TextClause] = [record_table.c.namespace == number, RETIRED, kept]
    return _marked(connection, number, record_table.c.from_seq, conditions, before, limit)


def _marked(
    connection: Connection,
    number: int,
    seq: ColumnElement[int],
    conditions: Sequence[ColumnElement[bool] | TextClause],
    before: Mark | None,
    limit: int,
) -> list[tuple[Mark, Record]]:
    """Rows first, then all that stands beside them: for those of the page alone."""
    wanted = select(seq, record_table.c.row).where(*conditions)
    if before is not None:
        wanted = wanted.where(tuple_(seq, record_table.c.row) < tuple_(*map(literal, before)))
    rows = connection.execute(wanted.order_by(seq.desc(), record_table.c.row.desc()).limit(limit)).all()
    found = versions.by_rows(connection, [row for _, row in rows])
    return [((at, row), found[row]) for at, row in rows if row in found]


@dataclass(frozen=True)
class Holding:
    """What the journal of a namespace holds.

    Attributes:
        observed: Observations, quarantined ones too.
        operations: Operations, alike.
        emptied: Events that are forgotten or archived.
        newest: When its newest event was recorded.
        bytes: Of the texts and data of its events.
    """

    observed: int
    operations: int
    emptied: int
    newest: datetime | None
    bytes: int


_EMPTY = Holding(0, 0, 0, None, 0)


def namespace_paths(
    connection: Connection, prefix: Namespace | None, part: str, after: str, limit: int
) -> list[tuple[int, Namespace, str]]:
    """Number, namespace and path of namespaces at and under `prefix`, by path, behind the path `after`.

    Those alone whose path holds `part`.
    """
    wanted = select(namespaces.c.id, namespaces.c.path).where(namespaces.c.path > after)
    if prefix is not None:
        wanted = wanted.where(names.under(namespaces.c.path, prefix))
    if part:
        wanted = wanted.where(namespaces.c.path.contains(part, autoescape=True))
    rows = connection.execute(wanted.order_by(namespaces.c.path).limit(limit)).all()
    return [(number, names.decode(path), path) for number, path in rows]


def holdings(connection: Connection, numbers: Sequence[int]) -> dict[int, Holding]:
    """What the journals of these namespaces hold, by number, in one statement."""
    is_held = event_table.c.state.not_in(events.EMPTIED)
    is_operation = event_table.c.store != ""
    wanted = (
        select(
            event_table.c.namespace,
            func.count().filter(and_(is_held, ~is_operation)),
            func.count().filter(and_(is_held, is_operation)),
            func.count().filter(~is_held),
            func.max(event_table.c.recorded_at),
            func.sum(sizes.BYTES),
        )
        .where(among(event_table.c.namespace, numbers))
        .group_by(event_table.c.namespace)
    )
    found = {
        number: Holding(observed, operations, emptied, moment(newest), int(total or 0))
        for number, observed, operations, emptied, newest, total in connection.execute(wanted)
    }
    return {number: found.get(number, _EMPTY) for number in numbers}


def counts(connection: Connection, numbers: Sequence[int]) -> dict[int, dict[str, int]]:
    """How many current records each store of these namespaces has, by number and store."""
    wanted = (
        select(record_table.c.namespace, record_table.c.store, func.count())
        .where(among(record_table.c.namespace, numbers), current())
        .group_by(record_table.c.namespace, record_table.c.store)
    )
    found: dict[int, dict[str, int]] = {number: {} for number in numbers}
    for number, store, count in connection.execute(wanted):
        found[number][store] = count
    return found


def values(connection: Connection, number: int, name: str, limit: int) -> list[str]:
    """What the events of a namespace have in a column (`type`, `actor`, `session`, `store`), each once."""
    column = event_table.c[name]
    wanted = select(column).where(event_table.c.namespace == number, column != "").distinct()
    return list(connection.execute(wanted.order_by(column).limit(limit)).scalars())


def record_types(connection: Connection, number: int, store: str, limit: int) -> list[str]:
    """The types of a store's current records, each once."""
    column = record_table.c.type
    wanted = select(column).where(
        record_table.c.namespace == number, record_table.c.store == store, current()
    )
    return list(connection.execute(wanted.distinct().order_by(column).limit(limit)).scalars())


def made_of(
    connection: Connection, number: int, event_ids: Iterable[str], each: int
) -> dict[str, list[Record]]:
    """Current records of which events are a source, by the event's id: `each` at most, the oldest first."""
    place = func.row_number().over(partition_by=source.c.event_id, order_by=source.c.row)
    ranked = (
        select(source.c.event_id, source.c.row, place.label("place"))
        .join(record_table, record_table.c.row == source.c.row)
        .where(source.c.namespace == number, among(source.c.event_id, event_ids), current())
        .subquery()
    )
    pairs = connection.execute(
        select(ranked.c.event_id, ranked.c.row).where(ranked.c.place <= each).order_by(ranked.c.row)
    ).all()
    found = versions.by_rows(connection, {row for _, row in pairs})
    made: dict[str, list[Record]] = {}
    for event_id, row in pairs:
        if row in found:
            made.setdefault(event_id, []).append(found[row])
    return made


def made_at(connection: Connection, number: int, seq: int, limit: int) -> list[Record]:
    """The versions that the event `seq` made, in the order it made them."""
    wanted = select(record_table.c.row).where(
        record_table.c.namespace == number,
        record_table.c.from_seq == seq,
        record_table.c.state != State.FORGOTTEN.value,
    )
    rows = list(connection.execute(wanted.order_by(record_table.c.row).limit(limit)).scalars())
    found = versions.by_rows(connection, rows)
    return [found[row] for row in rows if row in found]
