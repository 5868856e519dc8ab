"""What caches read of record versions: all that changed since a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, select

from agentmem.db.tables import event as events
from agentmem.db.tables import field
from agentmem.db.tables import record as table
from agentmem.records import spoken


class Change(NamedTuple):
    """A version as caches keep it; times in microseconds."""

    row: int
    version: int
    id: str
    state: str
    from_seq: int
    to_seq: int | None
    time: int | None
    valid_from: int | None
    valid_to: int | None
    expires_at: int | None
    actor: str
    session: str
    namespace: int


def _changed(numbers: Sequence[int], store: str, after: int) -> list[ColumnElement[bool]]:
    return [table.c.namespace.in_(numbers), table.c.store == store, table.c.touched > after]


def versions(connection: Connection, numbers: Sequence[int], store: str, after: int) -> list[Change]:
    """The versions of `store` that changed after `after`, by row number."""
    wanted = (
        select(*(table.c[name] for name in Change._fields))
        .where(*_changed(numbers, store, after))
        .order_by(table.c.row)
    )
    return [Change(*row) for row in connection.execute(wanted)]


def texts(
    connection: Connection, numbers: Sequence[int], store: str, after: int, after_row: int
) -> list[tuple[int, str, str]]:
    """Row, field and text of what is indexed of the new versions, by row number."""
    wanted = (
        select(table.c.row, field.c.name, field.c.text, table.c.actor, table.c.text, events.c.text)
        .join(field, field.c.row == table.c.row)
        .outerjoin(events, events.c.seq == table.c.event_seq)
        .where(*_changed(numbers, store, after), table.c.row > after_row)
        .order_by(table.c.row)
    )
    return [
        (row, name, spoken(actor, (own if own is not None else said) or "") if text is None else text)
        for row, name, text, actor, own, said in connection.execute(wanted)
    ]
