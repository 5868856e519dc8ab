"""Questions that only `verify` asks."""

from __future__ import annotations

import numpy as np
from sqlalchemy import ColumnElement, Connection, exists, func, or_, select

from agentmem.db import events, indexed, records, vectors
from agentmem.db.chunks import SIZE
from agentmem.db.links import build as build_link
from agentmem.db.tables import attached, event, field, link, vector
from agentmem.db.tables import record as record_table
from agentmem.db.vectors import WORDLESS
from agentmem.records import Link

NORM_ERROR = 0.01
"""How far from 1 the length of a vector kept in float16 may be."""


def changed_events(connection: Connection, number: int) -> list[str]:
    """Ids of events of a namespace that are not what was appended: their hash is another."""
    changed = []
    after = 0
    kept_whole = (events.LIVE, events.QUARANTINED)
    while page := events.journal(
        connection, number, after=after, limit=SIZE, states=kept_whole, unchecked=True
    ):
        kept = events.known(connection, number, [one.id for one in page])
        changed += [one.id for one in page if kept[one.id][1] != events.digest(one)]
        after = page[-1].seq
    return changed


def last_number(connection: Connection) -> int:
    """The highest sequence number that anything bears."""
    borne = (event.c.seq, record_table.c.touched, record_table.c.from_seq, attached.c.generation)
    found = [connection.execute(select(func.max(column))).scalar() for column in borne]
    return max(int(number or 0) for number in found)


def wrong_digests(connection: Connection) -> list[int]:
    """Rows whose indexed text does not have the hash that is written beside it."""
    found = connection.execute(indexed.selection(field.c.row, field.c.digest))
    return [row for row, digest, text in found if not _has(text, digest)]


def _has(text: object, digest: bytes) -> bool:
    """Whether a text, if it is one, has this hash."""
    return isinstance(text, str) and records.digest(text) == digest


def damaged_vectors(connection: Connection) -> list[bytes]:
    """Content hashes of vectors whose bytes are not those of a vector of length 1."""
    damaged = set()
    wanted = select(vector.c.digest, vector.c.data).where(vector.c.part != WORDLESS)
    for digest, data in connection.execute(wanted):
        array = np.frombuffer(data, "<f2").astype(np.float32) if len(data) % 2 == 0 else np.zeros(1)
        if not abs(float(np.linalg.norm(array)) - 1) < NORM_ERROR:
            damaged.add(digest)
    return sorted(damaged)


def missing_vectors(connection: Connection) -> list[bytes]:
    """Content hashes of texts that have no vector of the bank's embedder, and do not wait for one."""
    name = vectors.embedder_of(connection)
    has = exists().where(vector.c.digest == field.c.digest, vector.c.embedder == name)
    return list(
        connection.execute(
            select(field.c.digest).where(field.c.waiting.is_(False), ~has).distinct()
        ).scalars()
    )


def links(connection: Connection, number: int, store: str) -> list[Link]:
    """All links of a store, ended ones too."""
    wanted = select(link).where(link.c.namespace == number, link.c.store == store).order_by(link.c.row)
    return [build_link(row) for row in connection.execute(wanted)]


def dangling_links(connection: Connection, number: int) -> list[tuple[str, str, str]]:
    """Links of which one end is neither a record nor an event of the namespace."""

    def there(end: ColumnElement[str]) -> ColumnElement[bool]:
        return or_(
            exists().where(record_table.c.namespace == number, record_table.c.id == end),
            exists().where(event.c.namespace == number, event.c.id == end),
        )

    wanted = select(link.c.source, link.c.type, link.c.target).where(
        link.c.namespace == number, or_(~there(link.c.source), ~there(link.c.target))
    )
    return [(row[0], row[1], row[2]) for row in connection.execute(wanted)]
