"""Bytes by key, each set of them an owner's: a plain table outside the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, or_, select, update

from agentmem.db.many import among, among_given, many
from agentmem.db.tables import blob as table
from agentmem.db.times import micros, moment


class Entry(NamedTuple):
    """A value, and until when it is there (none: always)."""

    value: bytes
    expires_at: datetime | None = None


_OF = select(table.c.key, table.c.value, table.c.expires_at).where(
    table.c.owner == bindparam("owner"), among_given(table.c.key, "keys")
)


def get(connection: Connection, owner: str, keys: Iterable[str]) -> dict[str, Entry]:
    """The entries of `keys`, expired ones too; what is not there is left out."""
    rows = connection.execute(_OF, {"owner": owner, "keys": many(keys)}).all()
    return {key: Entry(value, moment(expires_at)) for key, value, expires_at in rows}


def put(connection: Connection, owner: str, entries: Mapping[str, Entry]) -> None:
    """Write entries, each in the place of an older one."""
    remove(connection, owner, entries)
    rows = [
        {"owner": owner, "key": key, "value": entry.value, "expires_at": micros(entry.expires_at)}
        for key, entry in entries.items()
    ]
    if rows:
        connection.execute(insert(table), rows)


def postpone(connection: Connection, owner: str, until: Mapping[str, datetime]) -> None:
    """Let entries stay until later; those that are gone stay gone."""
    rows = [{"wanted": key, "until": micros(moment)} for key, moment in until.items()]
    if rows:
        wanted = and_(table.c.owner == owner, table.c.key == bindparam("wanted"))
        connection.execute(update(table).where(wanted).values(expires_at=bindparam("until")), rows)


def remove(connection: Connection, owner: str, keys: Iterable[str] | None = None) -> int:
    """Delete entries, or all of an owner; how many there were."""
    where = [table.c.owner == owner]
    if keys is not None:
        where.append(among(table.c.key, keys))
    return connection.execute(delete(table).where(*where)).rowcount


def keys(connection: Connection, owner: str, prefix: str = "", now: datetime | None = None) -> list[str]:
    """The keys of an owner that begin with `prefix`, in order; with `now`, without those expired by then."""
    where: list[ColumnElement[bool]] = [table.c.owner == owner]
    if prefix:
        where += [table.c.key >= prefix, table.c.key < prefix + "\U0010ffff"]
    if now is not None:
        where.append(or_(table.c.expires_at.is_(None), table.c.expires_at > micros(now)))
    wanted = select(table.c.key).where(*where).order_by(table.c.key)
    return [key for key in connection.execute(wanted).scalars() if key.startswith(prefix)]


def expired(connection: Connection, owner: str, now: datetime) -> dict[str, Entry]:
    """The entries of an owner that have expired by `now`."""
    wanted = select(table.c.key, table.c.value, table.c.expires_at).where(
        table.c.owner == owner, table.c.expires_at.is_not(None), table.c.expires_at <= micros(now)
    )
    rows = connection.execute(wanted.order_by(table.c.expires_at)).all()
    return {key: Entry(value, moment(expires_at)) for key, value, expires_at in rows}
