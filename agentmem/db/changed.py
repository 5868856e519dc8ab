"""What caches read: which namespaces and versions changed since a number, and what caches keep of them.

The statements are made once: to build one costs more than to run it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Executable, and_, bindparam, func, select, union
from sqlalchemy.engine.interfaces import DBAPICursor

from agentmem.db import indexed
from agentmem.db.many import among_given, many
from agentmem.db.tables import attached, field
from agentmem.db.tables import event as events
from agentmem.db.tables import record as table
from agentmem.records import State

COLUMNS = (
    "row",
    "namespace",
    "id",
    "version",
    "state",
    "from_seq",
    "to_seq",
    "time",
    "valid_from",
    "valid_to",
    "expires_at",
    "actor",
    "session",
)
"""What caches keep of a version; times in microseconds."""

_IN_NAMESPACES = among_given(table.c.namespace, "numbers")
_NAMESPACES = union(
    select(events.c.namespace).where(events.c.seq > bindparam("after")),
    select(attached.c.namespace).where(attached.c.generation > bindparam("after")),
)
_ROWS = select(table.c.row).where(
    _IN_NAMESPACES, table.c.store == bindparam("store"), table.c.touched > bindparam("after")
)
_FIRSTS = select(func.count()).where(
    _IN_NAMESPACES, table.c.store == bindparam("store"), table.c.version == 1
)
_VERSIONS = (
    select(*(table.c[name] for name in COLUMNS)).where(among_given(table.c.row, "rows")).order_by(table.c.row)
)
_TEXTS = (
    indexed.selection(field.c.row, field.c.name).where(among_given(field.c.row, "rows")).order_by(field.c.row)
)
_BEFORE = table.alias("before")
_FIELD_BEFORE = field.alias("field_before")
_REPEATS = (
    select(field.c.row, field.c.name, _BEFORE.c.row, _FIELD_BEFORE.c.row)
    .join(table, table.c.row == field.c.row)
    .outerjoin(
        _BEFORE,
        and_(
            _BEFORE.c.namespace == table.c.namespace,
            _BEFORE.c.store == table.c.store,
            _BEFORE.c.id == table.c.id,
            _BEFORE.c.version == table.c.version - 1,
        ),
    )
    .outerjoin(
        _FIELD_BEFORE,
        and_(
            _FIELD_BEFORE.c.row == _BEFORE.c.row,
            _FIELD_BEFORE.c.name == field.c.name,
            _FIELD_BEFORE.c.digest == field.c.digest,
        ),
    )
    .where(among_given(field.c.row, "rows"))
    .order_by(field.c.row)
)
_DATA = select(events.c.data).where(events.c.seq == table.c.event_seq).scalar_subquery()
_PAYLOADS = select(table.c.row, func.coalesce(table.c.payload, _DATA, "{}")).where(
    among_given(table.c.row, "rows"), table.c.state != State.FORGOTTEN.value
)
"""The event is looked up only for a payload that is that of the event."""
_HEADS = (
    select(table.c.namespace, table.c.id, func.min(table.c.row))
    .where(
        _IN_NAMESPACES,
        among_given(table.c.id, "ids"),
        table.c.store == bindparam("store"),
        table.c.state != State.FORGOTTEN.value,
    )
    .group_by(table.c.namespace, table.c.id)
)


def namespaces(connection: Connection, after: int) -> set[int]:
    """The namespaces in which anything was written, or made anew, since `after`.

    Whatever changes a version appends an event to its namespace in the same transaction and after it, or
    renews the generation of a store.
    """
    return set(connection.execute(_NAMESPACES, {"after": after}).scalars())


def _fetched(connection: Connection, wanted: Executable, asked: Mapping[str, Any]) -> list[Any]:
    """Rows as the driver gives them, plain tuples: these columns need no conversion, and are very many."""
    cursor: DBAPICursor = connection.execute(wanted, asked).cursor
    return list(cursor.fetchall())


def rows(connection: Connection, numbers: Sequence[int], store: str, after: int) -> NDArray[np.int64]:
    """Row numbers, ascending, of the versions of `store` that changed since `after`."""
    asked = {"numbers": many(numbers), "store": store, "after": after}
    return np.sort(np.array(_fetched(connection, _ROWS, asked), np.int64).reshape(-1))


def count(connection: Connection, numbers: Sequence[int], store: str) -> int:
    """How many records of `store` there are, however many versions each has."""
    return int(connection.execute(_FIRSTS, {"numbers": many(numbers), "store": store}).scalar_one())


def versions(connection: Connection, rows: Sequence[int]) -> dict[str, Sequence[Any]]:
    """The `COLUMNS` of `rows`, by row number; each as long as there are rows."""
    found = _fetched(connection, _VERSIONS, {"rows": many(rows)})
    columns: list[Sequence[Any]] = list(zip(*found, strict=True)) or [()] * len(COLUMNS)
    return dict(zip(COLUMNS, columns, strict=True))


def texts(connection: Connection, rows: Sequence[int]) -> list[tuple[int, str, str]]:
    """Row, field and text of what is indexed of `rows`, by row number."""
    return _fetched(connection, _TEXTS, {"rows": many(rows)})


def repeats(connection: Connection, rows: Sequence[int]) -> list[tuple[int, str, int | None, int | None]]:
    """What is indexed of later versions, held against the version before, by row number.

    Returns:
        Row, field, row of the version before (none: it was forgotten), and that row once more where the same
        text is indexed of it as this field (else none).
    """
    return _fetched(connection, _REPEATS, {"rows": many(rows)})


def payloads(connection: Connection, rows: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The payloads of `rows`; those that were forgotten, or are gone, are left out.

    Raises:
        ValueError: one is no JSON; to be told as damage.
    """
    found = _fetched(connection, _PAYLOADS, {"rows": many(rows)})
    # All at once: to begin anew for each takes as long as to read it.
    read = json.loads(f"[{','.join([payload for _, payload in found])}]")
    return {row: payload for (row, _), payload in zip(found, read, strict=True)}


def heads(
    connection: Connection, numbers: Sequence[int], store: str, ids: Sequence[str]
) -> dict[tuple[int, str], int]:
    """The row of the first version, of those that are not forgotten, by namespace and id."""
    asked = {"numbers": many(numbers), "ids": many(ids), "store": store}
    return {(namespace, id): row for namespace, id, row in connection.execute(_HEADS, asked).all()}
