"""Vectors by content hash, and which texts still wait for theirs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    tuple_,
    update,
)

from agentmem.db import indexed
from agentmem.db.chunks import chunks
from agentmem.db.many import among, among_given, joined, listed, many
from agentmem.db.tables import field, meta, vector
from agentmem.db.tables import record as records
from agentmem.errors import Damaged

WORDLESS = -1
"""The part number that marks a text without words: it has no vector, and waits for none."""


def waiting(connection: Connection, limit: int) -> dict[bytes, str]:
    """Texts by content hash that may have no vector yet."""
    wanted = indexed.selection(field.c.digest).where(field.c.waiting.is_(True))
    wanted = wanted.order_by(field.c.row).limit(limit)
    return dict(connection.execute(wanted).all())


def count_waiting(connection: Connection) -> int:
    """How many indexed texts have no vector yet."""
    wanted = select(func.count()).select_from(field).where(field.c.waiting.is_(True))
    return int(connection.execute(wanted).scalar_one())


def having(connection: Connection, embedder: str, digests: Iterable[bytes]) -> set[bytes]:
    """Those of `digests` that have a vector of `embedder`."""
    return {
        digest
        for chunk in chunks(digests)
        for digest in connection.execute(
            select(vector.c.digest).where(vector.c.digest.in_(chunk), vector.c.embedder == embedder)
        ).scalars()
    }


def write(connection: Connection, embedder: str, parts: Mapping[bytes, NDArray[np.float32]]) -> None:
    """Keep vectors of the bank's embedder: their texts wait no more."""
    keep(connection, embedder, parts)
    settle(connection, parts)


def keep(connection: Connection, embedder: str, parts: Mapping[bytes, NDArray[np.float32]]) -> None:
    """Keep vectors, (parts, d) for each text, of those texts that are still indexed."""
    still = {
        digest
        for chunk in chunks(parts)
        for digest in connection.execute(select(field.c.digest).where(field.c.digest.in_(chunk))).scalars()
    }
    rows = []
    for digest in sorted(still - having(connection, embedder, parts)):
        if len(parts[digest]) == 0:
            rows.append({"digest": digest, "embedder": embedder, "part": WORDLESS, "data": b""})
        rows.extend(
            {"digest": digest, "embedder": embedder, "part": part, "data": row.astype("<f2").tobytes()}
            for part, row in enumerate(parts[digest])
        )
    if rows:
        connection.execute(insert(vector), rows)


def settle(connection: Connection, digests: Iterable[bytes]) -> None:
    """Note that these texts wait no more."""
    for chunk in chunks(digests):
        connection.execute(update(field).where(field.c.digest.in_(chunk)).values(waiting=False))


def wait_again(connection: Connection, digests: Iterable[bytes]) -> None:
    """Note that these texts wait for a vector."""
    for chunk in chunks(digests):
        connection.execute(update(field).where(field.c.digest.in_(chunk)).values(waiting=True))


class Vectors(NamedTuple):
    """Row numbers (n) and vectors (n, d): a row stands once for each part of its text, in order.

    `settled` are all rows that wait for no vector, those of texts without words too.
    """

    rows: NDArray[np.int64]
    data: NDArray[np.float16]
    settled: NDArray[np.int64]


_LENGTH = func.length(vector.c.data)
_OF_ROWS = (
    select(
        joined(vector.c.data),
        listed(field.c.row),
        listed(vector.c.part),
        func.max(_LENGTH),
        func.sum(_LENGTH),
    )
    .join_from(
        field, vector, and_(vector.c.digest == field.c.digest, vector.c.embedder == bindparam("embedder"))
    )
    .where(among_given(field.c.row, "rows"), field.c.name == bindparam("name"))
)
"""In one row: fetching a hundred thousand would take longer than finding them."""


def of_rows(connection: Connection, rows: Sequence[int], name: str, embedder: str) -> Vectors:
    """The vectors of field `name` of `rows`.

    Raises:
        Damaged: vectors differ in length.
    """
    asked = {"rows": many(rows), "name": name, "embedder": embedder}
    data, rows_of, parts_of, longest, whole = connection.execute(_OF_ROWS, asked).one()
    numbers, parts = np.array(json.loads(rows_of), np.int64), np.array(json.loads(parts_of), np.int64)
    worded = np.flatnonzero(parts != WORDLESS)
    if not len(worded):
        return Vectors(numbers[worded], np.zeros((0, 0), np.float16), numbers)
    if not len(data) == whole == len(worded) * longest or longest % 2:
        raise Damaged(
            "the bank holds a vector of another length than others", "run `agentmem verify --repair`"
        )
    order = np.lexsort((parts[worded], numbers[worded]))
    halves = np.frombuffer(data, "<f2").reshape(len(worded), -1).astype(np.float16, copy=False)
    return Vectors(numbers[worded][order], halves[order], np.unique(numbers))


def unreferenced(connection: Connection, digests: Iterable[bytes] | None = None) -> list[bytes]:
    """Content hashes of vectors that no indexed text refers to any more."""
    loose = select(vector.c.digest).where(~exists().where(field.c.digest == vector.c.digest)).distinct()
    if digests is None:
        return list(connection.execute(loose).scalars())
    return [
        digest
        for chunk in chunks(digests)
        for digest in connection.execute(loose.where(vector.c.digest.in_(chunk))).scalars()
    ]


def erase(connection: Connection, digests: Iterable[bytes]) -> int:
    """Delete vectors by content hash; how many went."""
    return sum(
        connection.execute(delete(vector).where(vector.c.digest.in_(chunk))).rowcount
        for chunk in chunks(digests)
    )


def digests_of(connection: Connection, rows: Iterable[int]) -> set[bytes]:
    """Content hashes of everything indexed of `rows`."""
    return set(connection.execute(select(field.c.digest).where(among(field.c.row, rows))).scalars())


def digests_of_store(connection: Connection, number: int, store: str) -> set[bytes]:
    """Content hashes of everything that a store has indexed in a namespace."""
    wanted = (
        select(field.c.digest)
        .join(records, records.c.row == field.c.row)
        .where(records.c.namespace == number, records.c.store == store)
    )
    return set(connection.execute(wanted.distinct()).scalars())


def embedder_of(connection: Connection) -> str | None:
    """The name of the embedder whose vectors the bank holds; none before the first."""
    return connection.execute(select(meta.c.value).where(meta.c.name == "embedder")).scalar()


def claim_embedder(connection: Connection, name: str) -> str:
    """Write down whose vectors the bank holds from now on, unless somebody was faster; whose they are."""
    kept = embedder_of(connection)
    if kept is None:
        connection.execute(insert(meta).values(name="embedder", value=name))
    return kept or name


class Lacking(NamedTuple):
    """A text that has no vector of some embedder, and as which field of which row it is indexed."""

    row: int
    name: str
    digest: bytes
    text: str


def _has(embedder: str) -> ColumnElement[bool]:
    return exists().where(vector.c.digest == field.c.digest, vector.c.embedder == embedder)


def lacking(
    connection: Connection,
    embedder: str,
    limit: int,
    after: tuple[int, str] = (0, ""),
    *,
    is_waiting: bool = False,
) -> list[Lacking]:
    """What is indexed and has no vector of `embedder`, by row and field, after the row and field `after`.

    With `is_waiting` only of what waits for a vector, which is found at once.
    """
    wanted = (
        indexed.selection(field.c.row, field.c.name, field.c.digest)
        .where(tuple_(field.c.row, field.c.name) > after, ~_has(embedder))
        .order_by(field.c.row, field.c.name)
        .limit(limit)
    )
    if is_waiting:
        wanted = wanted.where(field.c.waiting.is_(True))
    return [Lacking(*row) for row in connection.execute(wanted).all()]


def switch(connection: Connection, embedder: str, waiting: Iterable[bytes]) -> None:
    """The bank holds the vectors of `embedder` from now on; only the texts `waiting` wait for theirs."""
    claim_embedder(connection, embedder)
    connection.execute(update(meta).where(meta.c.name == "embedder").values(value=embedder))
    connection.execute(update(field).where(field.c.waiting.is_(True), _has(embedder)).values(waiting=False))
    wait_again(connection, waiting)


def erase_others(connection: Connection, embedder: str, after: bytes, limit: int) -> list[bytes]:
    """Delete the vectors of all but `embedder` of some texts, by content hash, after the hash `after`."""
    wanted = (
        select(vector.c.digest)
        .where(vector.c.embedder != embedder, vector.c.digest > after)
        .distinct()
        .order_by(vector.c.digest)
        .limit(limit)
    )
    digests = list(connection.execute(wanted).scalars())
    for chunk in chunks(digests):
        connection.execute(delete(vector).where(vector.c.digest.in_(chunk), vector.c.embedder != embedder))
    return digests


def count_texts(connection: Connection, embedder: str | None = None) -> int:
    """How many different texts are indexed; or of how many there are vectors of `embedder`."""
    wanted = select(func.count(field.c.digest.distinct()))
    if embedder is not None:
        wanted = select(func.count(vector.c.digest.distinct())).where(vector.c.embedder == embedder)
    return int(connection.execute(wanted).scalar_one())


def count(connection: Connection) -> int:
    """How many vectors there are."""
    return int(connection.execute(select(func.count()).select_from(vector)).scalar_one())
