"""What stores have not interpreted yet, and who is at it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, literal, or_, select, tuple_, update

from agentmem.db import names
from agentmem.db.many import among
from agentmem.db.tables import event as events
from agentmem.db.tables import namespace as namespaces
from agentmem.db.tables import pending as table
from agentmem.db.times import micros, moment
from agentmem.records import Pending


def add(connection: Connection, number: int, store: str, seqs: Iterable[int]) -> None:
    """Note that `store` has to interpret the events `seqs`; those noted already stay as they are."""
    given = list(seqs)
    wanted = select(table.c.seq).where(table.c.store == store, among(table.c.seq, given))
    noted = set(connection.execute(wanted).scalars())
    rows = [
        {"seq": seq, "store": store, "namespace": number, "state": "waiting", "attempts": 0, "error": ""}
        for seq in given
        if seq not in noted
    ]
    if rows:
        connection.execute(insert(table), rows)


def claim(
    connection: Connection, number: int, store: str, owner: str, now: datetime, until: datetime, limit: int
) -> list[int]:
    """Take what waits, and what a lease ran out on, as `owner` until `until`; sequence numbers in order."""
    free = or_(
        table.c.state == "waiting", and_(table.c.state == "running", table.c.lease_until < micros(now))
    )
    mine = (table.c.namespace == number, table.c.store == store)
    seqs = list(
        connection.execute(
            select(table.c.seq).where(*mine, free).order_by(table.c.seq).limit(limit)
        ).scalars()
    )
    connection.execute(
        update(table)
        .where(*mine, among(table.c.seq, seqs))
        .values(
            state="running",
            attempts=table.c.attempts + 1,
            lease_until=micros(until),
            lease_owner=owner,
            error="",
        )
    )
    return seqs


def waiting(connection: Connection, number: int, store: str) -> list[int]:
    """The events that wait in `store`, by sequence number."""
    mine = (table.c.namespace == number, table.c.store == store, table.c.state == "waiting")
    return list(connection.execute(select(table.c.seq).where(*mine).order_by(table.c.seq)).scalars())


def held(connection: Connection, store: str, owner: str, seqs: Sequence[int]) -> list[int]:
    """Those of `seqs` whose lease `owner` still holds."""
    wanted = select(table.c.seq).where(
        table.c.store == store, table.c.lease_owner == owner, among(table.c.seq, seqs)
    )
    return list(connection.execute(wanted.order_by(table.c.seq)).scalars())


def finish(connection: Connection, store: str, seqs: Iterable[int]) -> None:
    """The events are interpreted."""
    connection.execute(delete(table).where(table.c.store == store, among(table.c.seq, seqs)))


def give_back(
    connection: Connection,
    store: str,
    seqs: Iterable[int],
    state: str,
    error: str = "",
    *,
    owner: str | None = None,
) -> None:
    """End the lease (where `owner` still holds it): the events wait again, or failed with `error`."""
    held = () if owner is None else (table.c.lease_owner == owner,)
    connection.execute(
        update(table)
        .where(table.c.store == store, among(table.c.seq, seqs), *held)
        .values(state=state, error=error, lease_until=None, lease_owner=None)
    )


def postpone(connection: Connection, number: int, store: str, owner: str, reason: str) -> None:
    """Let what `owner` holds wait, and tell of all that waits in `store` what it waits for."""
    connection.execute(
        update(table)
        .where(
            table.c.namespace == number,
            table.c.store == store,
            or_(table.c.state == "waiting", table.c.lease_owner == owner),
        )
        .values(state="waiting", error=reason, lease_until=None, lease_owner=None)
    )


def reword(connection: Connection, seqs: Iterable[int], reworded: Callable[[str], str]) -> None:
    """Change what is told of the events' failures."""
    wanted = select(table.c.seq, table.c.store, table.c.error)
    told = connection.execute(wanted.where(among(table.c.seq, seqs), table.c.error != "")).all()
    for seq, store, error in told:
        connection.execute(
            update(table).where(table.c.seq == seq, table.c.store == store).values(error=reworded(error))
        )


def revive(connection: Connection, number: int, store: str | None) -> int:
    """Failed events wait again; how many."""
    where = [table.c.namespace == number, table.c.state == "failed"]
    if store is not None:
        where.append(table.c.store == store)
    return connection.execute(update(table).where(*where).values(state="waiting")).rowcount


def erase(connection: Connection, seqs: Iterable[int]) -> None:
    """Nothing of these events is to be interpreted any more."""
    connection.execute(delete(table).where(among(table.c.seq, seqs)))


def counts(connection: Connection, numbers: Sequence[int] | None = None) -> dict[tuple[str, str], int]:
    """How many events are pending, by store and state, in these namespaces or in all."""
    wanted = select(table.c.store, table.c.state, func.count()).group_by(table.c.store, table.c.state)
    if numbers is not None:
        wanted = wanted.where(among(table.c.namespace, numbers))
    return {(store, state): n for store, state, n in connection.execute(wanted).all()}


_LISTED = (
    select(table, events.c.id, namespaces.c.path)
    .join(events, events.c.seq == table.c.seq)
    .join(namespaces, namespaces.c.id == table.c.namespace)
    .order_by(table.c.seq, table.c.store)
)


def listed(
    connection: Connection, numbers: Sequence[int] | None, store: str | None = None, seqs: Sequence[int] = ()
) -> list[Pending]:
    """What is pending, in the order of the journal."""
    wanted = _LISTED
    if numbers is not None:
        wanted = wanted.where(among(table.c.namespace, numbers))
    if store is not None:
        wanted = wanted.where(table.c.store == store)
    if seqs:
        wanted = wanted.where(among(table.c.seq, seqs))
    return [_build(row) for row in connection.execute(wanted).all()]


Place = tuple[int, str]
"""Where something pending stands: the sequence number of its event, and its store."""


def page(
    connection: Connection, number: int, after: Place | None, limit: int, store: str | None = None
) -> list[tuple[Place, Pending]]:
    """What is pending in a namespace behind a place, in the order of the journal, each with its place.

    With `store` only what waits for it.
    """
    wanted = _LISTED.where(table.c.namespace == number)
    if store is not None:
        wanted = wanted.where(table.c.store == store)
    if after is not None:
        wanted = wanted.where(tuple_(table.c.seq, table.c.store) > tuple_(*map(literal, after)))
    return [((row.seq, row.store), _build(row)) for row in connection.execute(wanted.limit(limit)).all()]


def _build(row: Row[Any]) -> Pending:
    return Pending(
        event_id=row.id,
        namespace=names.decode(row.path),
        store=row.store,
        state=row.state,
        attempts=row.attempts,
        error=row.error,
        lease_until=moment(row.lease_until),
    )
