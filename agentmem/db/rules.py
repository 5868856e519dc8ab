"""What namespaces keep: one rule, as JSON, for a namespace and those under it."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from agentmem.db import names
from agentmem.db.tables import meta
from agentmem.records import Namespace

_PREFIX = "retention "


def every(connection: Connection) -> dict[Namespace, str]:
    """The rules by the namespace that they were given to."""
    wanted = select(meta.c.name, meta.c.value).where(meta.c.name.startswith(_PREFIX)).order_by(meta.c.name)
    return {names.decode(name.removeprefix(_PREFIX)): rule for name, rule in connection.execute(wanted)}


def write(connection: Connection, namespace: Namespace, rule: str | None) -> None:
    """Give a namespace a rule in the place of any that it has; none: it has none of its own."""
    name = _PREFIX + names.encode(namespace)
    connection.execute(delete(meta).where(meta.c.name == name))
    if rule is not None:
        connection.execute(insert(meta).values(name=name, value=rule))
