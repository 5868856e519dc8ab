"""A bank copied from one database to another: row for row, in parts that outlive a kill, and compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select, tuple_, update

from agentmem.db import schema
from agentmem.db.bulk import fill
from agentmem.db.database import Database, Transaction, current_seq
from agentmem.db.tables import counter, meta, metadata
from agentmem.errors import Conflict, Damaged

AT_ONCE = 2_000
"""Rows that are copied in one transaction."""
TABLES = [table for table in metadata.sorted_tables if table is not counter]
"""In an order in which no row refers to one of a later table."""
PLACE = "copying"
"""The name under which the target notes how far it is."""

Watch = Callable[[str, int, int], None]
"""Called with what is done, how much of it since the last call, and how much there is."""


class Copied(NamedTuple):
    """What was copied: rows by table, and the sequence number of both."""

    rows: dict[str, int]
    seq: int


class _Place(NamedTuple):
    """How far a copy is: at which sequence number of which source, in which table, behind which key."""

    source: str
    seq: int
    table: int = 0
    key: tuple[Any, ...] = ()


def copy(source: Database, target: Database, watch: Watch) -> Copied:
    """Copy all that a bank holds to a database that holds nothing, or the beginning of such a copy.

    The target is no bank until all is there and was compared. Where the source was written to since the copy
    began, it begins anew.

    Args:
        source: A bank.
        target: A database that is not prepared.
        watch: Is told how far it is.

    Raises:
        Conflict: the target is a bank already.
        SchemaMismatch: the target holds something else.
        Damaged: what is in the target is not what is in the source.
    """
    with source.read() as read:
        place = _begun(target, source.url, current_seq(read))
        counts = [_count(read, table) for table in TABLES]
        for number in range(place.table, len(TABLES)):
            if number > place.table:
                place = place._replace(table=number, key=())
            place = _table(read, target, place, watch, counts[number])
        with target.read() as written:
            for table in TABLES:
                if _digest(read, table) != _digest(written, table):
                    raise Damaged(
                        f"table {table.name} of {target.url} is not what {source.url} holds",
                        "drop the target's tables, or give another target, and copy again",
                    )
                watch("compared", 1, len(TABLES))
        target.write(lambda transaction: _finish(transaction, target, place.seq))
    return Copied(dict(zip((table.name for table in TABLES), counts, strict=True)), place.seq)


def _begun(target: Database, source: str, seq: int) -> _Place:
    """Where to go on; the target has the tables, and is marked as no bank."""
    with target.engine.connect() as connection:
        version = schema.version(connection)
    if version is None:
        schema.create(target.engine, target.dialect, schema.COPYING)
    elif version != schema.COPYING:
        raise Conflict(f"{target.url} is a bank already", "give a database that holds nothing")

    def work(transaction: Transaction) -> _Place:
        connection = transaction.connection
        kept = connection.execute(select(meta.c.value).where(meta.c.name == PLACE)).scalar()
        place = _Place(*json.loads(kept)) if kept is not None else _Place(source, seq)
        if (place.source, place.seq) == (source, seq):
            return place._replace(key=tuple(_unpacked(place.key)))
        for table in reversed(TABLES):
            connection.execute(delete(table))
        return _Place(source, seq)

    return target.write(work)


def _table(read: Connection, target: Database, place: _Place, watch: Watch, count: int) -> _Place:
    """Copy the rest of a table."""
    table = TABLES[place.table]
    while rows := _rows(read, table, place.key, AT_ONCE):
        place = place._replace(key=_key(table, rows[-1]))
        kept = [row for row in rows if table is not meta or row[0] != PLACE]

        def work(transaction: Transaction, place: _Place = place, kept: Any = kept) -> None:
            fill(transaction.connection, table, kept, len(table.c))
            _note(transaction.connection, place)

        target.write(work)
        watch(table.name, len(rows), count)
    return place


def _note(connection: Connection, place: _Place) -> None:
    value = json.dumps(place._replace(key=tuple(_packed(place.key))))
    there = connection.execute(update(meta).where(meta.c.name == PLACE).values(value=value))
    if not there.rowcount:
        fill(connection, meta, [(PLACE, value)], len(meta.c))


def _finish(transaction: Transaction, target: Database, seq: int) -> None:
    """Make the target a bank."""
    connection = transaction.connection
    connection.execute(delete(meta).where(meta.c.name == PLACE))
    connection.execute(update(counter).where(counter.c.name == "seq").values(value=seq))
    target.dialect.go_on(connection, TABLES)
    schema.stamp(connection)


def _rows(
    connection: Connection, table: Table, after: tuple[Any, ...], limit: int
) -> Sequence[tuple[Any, ...]]:
    """Rows of a table in the order of its key, behind a key."""
    keys: list[ColumnElement[Any]] = list(table.primary_key.columns)
    wanted = select(table).order_by(*keys).limit(limit)
    if after:
        wanted = wanted.where(tuple_(*keys) > tuple_(*after) if len(keys) > 1 else keys[0] > after[0])
    return [tuple(row) for row in connection.execute(wanted).all()]


def _key(table: Table, row: tuple[Any, ...]) -> tuple[Any, ...]:
    places = [list(table.c).index(column) for column in table.primary_key.columns]
    return tuple(row[place] for place in places)


def _packed(key: tuple[Any, ...]) -> Iterator[Any]:
    """A key as JSON has it."""
    return ({"hex": part.hex()} if isinstance(part, bytes) else part for part in key)


def _unpacked(key: Sequence[Any]) -> Iterator[Any]:
    return (bytes.fromhex(part["hex"]) if isinstance(part, dict) else part for part in key)


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _digest(connection: Connection, table: Table) -> str:
    """The SHA-256 of all rows of a table."""
    found, after = hashlib.sha256(), ()
    while rows := _rows(connection, table, after, AT_ONCE):
        after = _key(table, rows[-1])
        for row in rows:
            if table is not meta or row[0] != PLACE:
                found.update(repr(row).encode())
    return found.hexdigest()
