"""Record versions: write, close, count, erase."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    Connection,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from agentmem.db.bulk import fill
from agentmem.db.many import among, among_given, given_values, many
from agentmem.db.tables import field, source
from agentmem.db.tables import record as table
from agentmem.db.times import micros
from agentmem.records import Event, Record, State, spoken


def digest(text: str) -> bytes:
    """The content hash by which the vector of `text` is found."""
    return hashlib.sha256(text.encode()).digest()


def write(
    connection: Connection,
    number: int,
    store: str,
    versions: Sequence[Record],
    made_by: Sequence[Event],
    touched: Sequence[int],
    before: Sequence[int | None],
) -> None:
    """Add record versions.

    Args:
        connection: Where, in a write.
        number: Of their namespace.
        store: Their store.
        versions: Them.
        made_by: The event of each, whose text is not stored again.
        touched: The number of the change that makes each.
        before: The row of the version before each; where its text has a vector, the same text waits for none.
    """
    if not versions:
        return
    values = [
        _values(number, store, version, event, at)
        for version, event, at in zip(versions, made_by, touched, strict=True)
    ]
    rows = _insert(connection, values)
    sources = [
        (row, ordinal, event_id, number)
        for row, version in zip(rows, versions, strict=True)
        for ordinal, event_id in enumerate(version.sources)
    ]
    fill(connection, source, sources, len(_SOURCE))
    settled = _settled(connection, [row for row in before if row is not None])
    fields = []
    for row, version, last in zip(rows, versions, before, strict=True):
        said = spoken(version.actor, version.text) if version.indexed else ""
        for name, text in version.indexed.items():
            hashed = digest(text)
            own = None if text == said else text
            fields.append((row, name, hashed, own, (last, name, hashed) not in settled))
    fill(connection, field, fields, len(_FIELD))


_SOURCE, _FIELD = source.c.keys(), field.c.keys()
_SETTLED = select(field.c.row, field.c.name, field.c.digest).where(
    among_given(field.c.row, "rows"), field.c.waiting.is_(False)
)


def _settled(connection: Connection, rows: Sequence[int]) -> set[tuple[int, str, bytes]]:
    """What is indexed of `rows` and waits for no vector: row, field and hash."""
    if not rows:
        return set()
    return {(row, name, hashed) for row, name, hashed in connection.execute(_SETTLED, {"rows": many(rows)})}


_COLUMNS = table.c.keys()[1:]
_IN_ORDER = itemgetter(*_COLUMNS)
_INSERT_ONE = insert(table).returning(table.c.row)
_LAST_ROW = select(func.max(table.c.row))
_NEW_ROWS = select(table.c.row).where(table.c.row > bindparam("last")).order_by(table.c.row)


def _insert(connection: Connection, values: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows and return their numbers, in the order of `values`."""
    if len(values) == 1:
        return [connection.execute(_INSERT_ONE, values[0]).scalar_one()]
    last = connection.execute(_LAST_ROW).scalar() or 0
    fill(connection, table, map(_IN_ORDER, values), len(_COLUMNS))
    return list(connection.execute(_NEW_ROWS, {"last": last}).scalars())


def _values(number: int, store: str, record: Record, event: Event, touched: int) -> dict[str, Any]:
    same_text = record.text == event.text
    same_payload = record.payload == event.data
    return {
        "namespace": number,
        "store": store,
        "id": record.id,
        "version": record.version,
        "type": record.type,
        "key": record.key,
        "event_seq": event.seq if same_text or same_payload else None,
        "text": None if same_text else record.text,
        "payload": None if same_payload else json.dumps(record.payload, ensure_ascii=False),
        "metadata": json.dumps(record.metadata, ensure_ascii=False) if record.metadata else None,
        "state": record.state.value,
        "time": micros(record.time),
        "actor": record.actor,
        "session": record.session,
        "valid_from": micros(record.valid_from),
        "valid_to": micros(record.valid_to),
        "due_at": micros(record.due_at),
        "expires_at": micros(record.expires_at),
        "pinned": record.pinned,
        "trust": record.trust.value,
        "why": record.why,
        "from_seq": record.from_seq,
        "to_seq": record.to_seq,
        "touched": touched,
    }


_CLOSE = (
    update(table)
    .where(among_given(table.c.row, "rows"))
    .values(to_seq=bindparam("at"), touched=bindparam("then"))
)


def close(connection: Connection, rows: Iterable[int], at: int, touched: int) -> None:
    """End the versions in `rows` at sequence number `at`."""
    connection.execute(_CLOSE, {"rows": many(rows), "at": at, "then": touched})


_IDS = given_values("ids")
_OTHER = table.alias()
_LAST = select(func.max(_OTHER.c.version)).where(
    _OTHER.c.namespace == bindparam("number"),
    _OTHER.c.store == bindparam("store"),
    _OTHER.c.id == _IDS.c.value,
)
_CURRENT = select(table.c.id, table.c.row, table.c.version).where(
    table.c.namespace == bindparam("number"),
    table.c.store == bindparam("store"),
    tuple_(table.c.id, table.c.version).in_(
        select(_IDS.c.value, _LAST.correlate(_IDS).scalar_subquery()).select_from(_IDS)
    ),
    table.c.state != State.FORGOTTEN.value,
)
"""The last version of each is looked up in the index of versions: an empty one has a negative number."""


def current(
    connection: Connection, number: int, store: str, ids: Iterable[str]
) -> dict[str, tuple[int, int]]:
    """Row and version number of the newest version by id."""
    asked = {"number": number, "store": store, "ids": many(ids)}
    return {id: (row, version) for id, row, version in connection.execute(_CURRENT, asked).all()}


def erase(connection: Connection, rows: Iterable[int], touched: int) -> None:
    """Empty versions: state `forgotten`, no text, no payload, no sources, nothing indexed.

    An empty row is current at no time, and gives its version number free: all is as if it had never been,
    and only caches that hold it still learn from it.
    """
    nothing = ("metadata", "event_seq", "key", "time", "valid_from", "valid_to", "due_at", "expires_at")
    empty = ("text", "payload", "actor", "session", "why")
    blank: dict[str, Any] = dict.fromkeys(nothing) | dict.fromkeys(empty, "")
    blank |= {"pinned": False, "state": State.FORGOTTEN.value, "touched": touched}
    blank |= {"version": -table.c.row, "to_seq": table.c.from_seq}
    gone = list(rows)
    connection.execute(delete(field).where(among(field.c.row, gone)))
    connection.execute(delete(source).where(among(source.c.row, gone)))
    connection.execute(update(table).where(among(table.c.row, gone)).values(**blank))


def remove(connection: Connection, number: int, store: str) -> None:
    """Delete every version of a store, for a rebuild."""
    rows = select(table.c.row).where(table.c.namespace == number, table.c.store == store)
    connection.execute(delete(field).where(field.c.row.in_(rows)))
    connection.execute(delete(source).where(source.c.row.in_(rows)))
    connection.execute(delete(table).where(table.c.namespace == number, table.c.store == store))


def rows_from(connection: Connection, number: int, event_ids: Iterable[str]) -> dict[int, set[str]]:
    """The rows that have any of `event_ids` as a source, each with all of its sources."""
    found: dict[int, set[str]] = {}
    touching = select(source.c.row).where(source.c.namespace == number, among(source.c.event_id, event_ids))
    wanted = select(source.c.row, source.c.event_id).where(source.c.row.in_(touching))
    for row, event_id in connection.execute(wanted).all():
        found.setdefault(row, set()).add(event_id)
    return found


def stores_of(connection: Connection, rows: Iterable[int]) -> set[str]:
    """The names of the stores that hold any of `rows`."""
    wanted = select(table.c.store).where(among(table.c.row, rows)).distinct()
    return set(connection.execute(wanted).scalars())


def other_versions(connection: Connection, number: int, rows: Sequence[int]) -> set[int]:
    """The rows of the same ids as `rows`, themselves left out."""
    ids = select(table.c.id).where(among(table.c.row, rows))
    wanted = select(table.c.row).where(
        table.c.namespace == number, table.c.id.in_(ids), table.c.state != State.FORGOTTEN.value
    )
    return set(connection.execute(wanted).scalars()) - set(rows)


def count(connection: Connection, numbers: Sequence[int]) -> dict[tuple[str, str], int]:
    """How many current records there are, by store and state."""
    wanted = (
        select(table.c.store, table.c.state, func.count())
        .where(among(table.c.namespace, numbers), table.c.to_seq.is_(None))
        .group_by(table.c.store, table.c.state)
    )
    return {(row[0], row[1]): row[2] for row in connection.execute(wanted)}


def made_at(connection: Connection, number: int, seqs: Iterable[int]) -> dict[int, str]:
    """Row and store of the versions that the events `seqs` made or ended."""
    given = list(seqs)
    wanted = select(table.c.row, table.c.store).where(
        table.c.namespace == number, or_(among(table.c.from_seq, given), among(table.c.to_seq, given))
    )
    return {int(row): store for row, store in connection.execute(wanted).all()}
