"""Which stores are attached to which namespace, and their generation: how often they were rebuilt."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, func, insert, select, update

from agentmem.db.many import among_given, many
from agentmem.db.tables import attached as table

_SPECS = (
    select(table.c.store, table.c.spec)
    .where(table.c.namespace == bindparam("number"))
    .order_by(table.c.store)
)


def specs(connection: Connection, number: int) -> dict[str, str]:
    """Spec (JSON) by store, in the order of their names."""
    return {row.store: row.spec for row in connection.execute(_SPECS, {"number": number}).all()}


def write(connection: Connection, number: int, store: str, spec: str, generation: int) -> None:
    """Attach `store`."""
    connection.execute(insert(table).values(namespace=number, store=store, spec=spec, generation=generation))


def renew(connection: Connection, number: int, store: str, generation: int) -> None:
    """Note that the store's rows were made anew: caches of an older generation are void."""
    connection.execute(
        update(table).where(table.c.namespace == number, table.c.store == store).values(generation=generation)
    )


_GENERATION = select(func.max(table.c.generation)).where(
    among_given(table.c.namespace, "numbers"), table.c.store == bindparam("store")
)


def generation(connection: Connection, numbers: Sequence[int], store: str) -> int:
    """The newest generation of `store` in these namespaces; 0 where it is not attached."""
    return int(connection.execute(_GENERATION, {"numbers": many(numbers), "store": store}).scalar() or 0)
