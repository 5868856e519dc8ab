"""Namespaces in the database: one path a namespace, `/` between labels, each label escaped."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, select

from agentmem.db.tables import namespace as table
from agentmem.errors import InvalidInput
from agentmem.records import Namespace, clean_namespace

_NUMBER = select(table.c.id).where(table.c.path == bindparam("path"))
_LAST = select(func.max(table.c.id))


def encode(namespace: Namespace) -> str:
    """The path of `namespace`: `~` and `/` in labels are escaped as in JSON Pointer (RFC 6901)."""
    return "/".join(label.replace("~", "~0").replace("/", "~1") for label in clean_namespace(namespace))


@lru_cache(maxsize=4096)
def decode(path: str) -> Namespace:
    """The namespace of `path`, also as users write it on the command line.

    Raises:
        InvalidInput: a label is empty.
    """
    labels = tuple(label.replace("~1", "/").replace("~0", "~") for label in path.split("/"))
    if not all(labels):
        raise InvalidInput(f"namespace {path!r} has an empty label", "write acme/user-7")
    return clean_namespace(labels)


def find(connection: Connection, namespace: Namespace) -> int | None:
    """The number of `namespace`; none where nothing was ever written to it."""
    return connection.execute(_NUMBER, {"path": encode(namespace)}).scalar()


def last(connection: Connection) -> int:
    """The highest number that was given out; 0 before the first."""
    return int(connection.execute(_LAST).scalar() or 0)


def make(connection: Connection, namespace: Namespace) -> int:
    """The number of `namespace`, made where it is not there yet."""
    found = find(connection, namespace)
    if found is not None:
        return found
    return int(
        connection.execute(insert(table).values(path=encode(namespace)).returning(table.c.id)).scalar_one()
    )


def under(column: ColumnElement[str], namespace: Namespace) -> ColumnElement[bool]:
    """Whether a path is `namespace` or stands under it, segment by segment."""
    path = encode(namespace)
    return (column == path) | ((column > path + "/") & (column < path + "0"))


def every(connection: Connection, prefix: Namespace | None = None) -> dict[int, Namespace]:
    """All namespaces by number, or those at and under `prefix`."""
    wanted = select(table.c.id, table.c.path).order_by(table.c.path)
    if prefix is not None:
        wanted = wanted.where(under(table.c.path, prefix))
    return {number: decode(path) for number, path in connection.execute(wanted)}
