"""What language models cost, by the hour: a plain table outside the journal, which holds no text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from agentmem.db import names
from agentmem.db.many import among
from agentmem.db.tables import namespace as namespaces
from agentmem.db.tables import spend as table
from agentmem.db.times import micros
from agentmem.records import Namespace
from agentmem.spending import Spend

_COUNTED = [table.c[name] for name in Spend.model_fields]
_SUMS = [func.coalesce(func.sum(column), 0).label(column.name) for column in _COUNTED]


def add(connection: Connection, number: int, store: str, model: str, hour: datetime, spend: Spend) -> None:
    """Add to what `store` of a namespace spent on `model` in the hour that began at `hour`."""
    key = {"namespace": number, "store": store, "model": model, "hour": micros(hour)}
    more = {column.name: column + getattr(spend, column.name) for column in _COUNTED}
    there = update(table).where(*(table.c[name] == value for name, value in key.items()))
    if not connection.execute(there.values(more)).rowcount:
        connection.execute(insert(table).values(key | dict(spend)))


def total(connection: Connection, since: datetime) -> Spend:
    """What the whole bank spent in the hours that began at `since` or later."""
    row = connection.execute(select(*_SUMS).where(table.c.hour >= micros(since))).one()
    return Spend(**row._mapping)


def listed(
    connection: Connection, numbers: Sequence[int] | None, since: datetime | None = None
) -> dict[tuple[Namespace, str, str], Spend]:
    """What was spent, by namespace, store and model: of some namespaces or all, since an hour or ever."""
    key = (namespaces.c.path, table.c.store, table.c.model)
    wanted = (
        select(*key, *_SUMS)
        .join(namespaces, namespaces.c.id == table.c.namespace)
        .group_by(*key)
        .order_by(*key)
    )
    if numbers is not None:
        wanted = wanted.where(among(table.c.namespace, numbers))
    if since is not None:
        wanted = wanted.where(table.c.hour >= micros(since))
    return {
        (names.decode(path), store, model): Spend(**dict(zip(Spend.model_fields, sums, strict=True)))
        for path, store, model, *sums in connection.execute(wanted)
    }
