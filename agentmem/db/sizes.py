"""How much the journal holds, in events and bytes: by namespace, by day, and what is beyond a limit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import BigInteger, ColumnElement, Connection, case, cast, func, or_, select

from agentmem.db.events import LIVE, QUARANTINED, TRACE_STORE
from agentmem.db.functions import Octets
from agentmem.db.tables import event
from agentmem.db.times import micros

DAY_MICROS = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).date()
BYTES: ColumnElement[int] = Octets(event.c.text) + func.coalesce(Octets(event.c.data), 0)
"""Of an event: its text and its data in UTF-8."""
_HELD = event.c.state.in_((LIVE, QUARANTINED)) & (event.c.store != TRACE_STORE)


def by_namespace(connection: Connection) -> dict[int, tuple[int, int]]:
    """For each namespace with events, how many it holds, operations too, and their bytes."""
    wanted = select(event.c.namespace, func.count(), _whole(func.sum(BYTES)))
    found = connection.execute(wanted.where(_HELD).group_by(event.c.namespace)).all()
    return {number: (events, size) for number, events, size in found}


def by_day(connection: Connection, number: int | None = None) -> list[tuple[date, int, int]]:
    """Days (UTC) on which events were recorded that are still held, oldest first: how many, their bytes."""
    day = event.c.recorded_at // DAY_MICROS
    wanted = select(day, func.count(), _whole(func.sum(BYTES))).where(_HELD).group_by(day).order_by(day)
    if number is not None:
        wanted = wanted.where(event.c.namespace == number)
    return [(_EPOCH + timedelta(days=n), events, size) for n, events, size in connection.execute(wanted)]


def beyond(
    connection: Connection,
    number: int,
    *,
    recorded_before: datetime | None,
    most_events: int | None,
    most_bytes: int | None,
) -> list[str]:
    """Ids of the observations of a namespace that are beyond any of the limits, oldest first.

    The newest stay. Operations count by their bytes alone, and are never among them: they leave with what
    caused them.
    """
    newest_first = event.c.seq.desc()
    observed = case((event.c.store == "", 1), else_=0)
    held = (
        select(
            event.c.id,
            event.c.seq,
            event.c.store,
            event.c.recorded_at,
            func.sum(observed).over(order_by=newest_first).label("events"),
            func.sum(BYTES).over(order_by=newest_first).label("bytes"),
        )
        .where(event.c.namespace == number, _HELD)
        .subquery()
    )
    limits: list[ColumnElement[bool]] = []
    if recorded_before is not None:
        limits.append(held.c.recorded_at < micros(recorded_before))
    if most_events is not None:
        limits.append(held.c.events > most_events)
    if most_bytes is not None:
        limits.append(held.c.bytes > most_bytes)
    if not limits:
        return []
    wanted = select(held.c.id).where(held.c.store == "", or_(*limits)).order_by(held.c.seq)
    return list(connection.execute(wanted).scalars())


def _whole(amount: ColumnElement[int]) -> ColumnElement[int]:
    return cast(amount, BigInteger)
