"""Record versions: write, close, load, find."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from agentmem.db import damage, names
from agentmem.db.horizon import Horizon, bound
from agentmem.db.many import among, among_given, gathered, given_values, many, pair
from agentmem.db.tables import ENDS, field, source
from agentmem.db.tables import event as events
from agentmem.db.tables import namespace as namespaces
from agentmem.db.tables import record as table
from agentmem.db.times import micros, moment
from agentmem.records import Event, Record, State, Trust, spoken

Order = Literal["newest", "oldest", "changed", "due", "key", "id"]
ORDERS: Mapping[Order, tuple[ColumnElement[Any], ...]] = {
    "newest": (table.c.time.desc(), table.c.row.desc()),
    "oldest": (table.c.time, table.c.row),
    "changed": (table.c.from_seq.desc(), table.c.row.desc()),
    "due": (table.c.due_at, table.c.row),
    "key": (table.c.key, table.c.row),
    "id": (table.c.id, table.c.row),
}


_STATES = {state.value: state for state in State}
_TRUSTS = {trust.value: trust for trust in Trust}


def digest(text: str) -> bytes:
    """The content hash by which the vector of `text` is found."""
    return hashlib.sha256(text.encode()).digest()


def write(
    connection: Connection,
    number: int,
    store: str,
    versions: Sequence[Record],
    made_by: Sequence[Event],
    touched: Sequence[int],
) -> None:
    """Add record versions; `made_by` is the event of each, whose text is not stored again."""
    if not versions:
        return
    values = [
        _values(number, store, version, event, at)
        for version, event, at in zip(versions, made_by, touched, strict=True)
    ]
    rows = _insert(connection, values)
    sources = [
        {"row": row, "ordinal": ordinal, "event_id": event_id, "namespace": number}
        for row, version in zip(rows, versions, strict=True)
        for ordinal, event_id in enumerate(version.sources)
    ]
    if sources:
        connection.execute(insert(source), sources)
    fields = [
        {
            "row": row,
            "name": name,
            "digest": digest(text),
            "text": None if text == spoken(version.actor, version.text) else text,
            "waiting": True,
        }
        for row, version in zip(rows, versions, strict=True)
        for name, text in version.indexed.items()
    ]
    if fields:
        connection.execute(insert(field), fields)


_INSERT = insert(table)
_INSERT_ONE = insert(table).returning(table.c.row)
_LAST_ROW = select(func.max(table.c.row))
_NEW_ROWS = select(table.c.row).where(table.c.row > bindparam("last")).order_by(table.c.row)


def _insert(connection: Connection, values: list[dict[str, Any]]) -> list[int]:
    """Insert rows and return their numbers, in the order of `values`."""
    if len(values) == 1:
        return [connection.execute(_INSERT_ONE, values[0]).scalar_one()]
    last = connection.execute(_LAST_ROW).scalar() or 0
    connection.execute(_INSERT, values)
    return list(connection.execute(_NEW_ROWS, {"last": last}).scalars())


def _values(number: int, store: str, record: Record, event: Event, touched: int) -> dict[str, Any]:
    same_text = record.text == event.text
    same_payload = record.payload == event.data
    return {
        "namespace": number,
        "store": store,
        "id": record.id,
        "version": record.version,
        "type": record.type,
        "key": record.key,
        "event_seq": event.seq if same_text or same_payload else None,
        "text": None if same_text else record.text,
        "payload": None if same_payload else json.dumps(record.payload, ensure_ascii=False),
        "metadata": json.dumps(record.metadata, ensure_ascii=False) if record.metadata else None,
        "state": record.state.value,
        "time": micros(record.time),
        "actor": record.actor,
        "session": record.session,
        "valid_from": micros(record.valid_from),
        "valid_to": micros(record.valid_to),
        "due_at": micros(record.due_at),
        "expires_at": micros(record.expires_at),
        "pinned": record.pinned,
        "trust": record.trust.value,
        "why": record.why,
        "from_seq": record.from_seq,
        "to_seq": record.to_seq,
        "touched": touched,
    }


def close(connection: Connection, rows: Iterable[int], at: int, touched: int) -> None:
    """End the versions in `rows` at sequence number `at`."""
    connection.execute(update(table).where(among(table.c.row, rows)).values(to_seq=at, touched=touched))


_SELECTION = (
    select(
        table,
        namespaces.c.path,
        events.c.text.label("event_text"),
        events.c.data.label("event_data"),
        gathered(source.c.ordinal, source.c.event_id, source.c.row == table.c.row, table).label("sources"),
        gathered(
            field.c.name, pair(field.c.text, func.hex(field.c.digest)), field.c.row == table.c.row, table
        ).label("fields"),
    )
    .join(namespaces, namespaces.c.id == table.c.namespace)
    .outerjoin(events, events.c.seq == table.c.event_seq)
)
"""All that `build` needs of a version."""
_NAMES = tuple(_SELECTION.selected_columns.keys())
_BY_ROWS = _SELECTION.where(among_given(table.c.row, "rows"))


_FROM_SEQ = table.c.from_seq + 0
"""No bare column: SQLite would walk the index of all sequence numbers, and not look up ids or keys."""


def made(seen: Horizon) -> ColumnElement[bool]:
    """Whether a version had been made then."""
    return bound(table.c.namespace, seen) >= _FROM_SEQ


def visible(seen: Horizon) -> ColumnElement[bool]:
    """Whether a version was the current one then."""
    seq = bound(table.c.namespace, seen)
    return and_(seq >= _FROM_SEQ, seq < ENDS)


def build(row: Row[Any]) -> Record:
    """The record of a row of `_SELECTION`, what is indexed of it held against its hash.

    Raises:
        Damaged: it is not what was written.
    """
    with damage.reading(f"record {row.id!r}"):
        record, digests = _build(row)
        wrong = [name for name, text in record.indexed.items() if digest(text).hex().upper() != digests[name]]
    if wrong:
        raise damage.not_as_written(f"the text of record {row.id!r}", "run `agentmem verify`")
    return record


def _unchecked(row: Row[Any]) -> Record:
    return _build(row)[0]


def _build(row: Row[Any]) -> tuple[Record, dict[str, str]]:
    """The record, and by name the hashes that what is indexed of it should have."""
    version = dict(zip(_NAMES, row, strict=True))  # looking a name up in `row` itself takes longer
    fields = json.loads(version["fields"])
    text = (version["event_text"] if version["text"] is None else version["text"]) or ""
    payload = version["event_data"] if version["payload"] is None else version["payload"]
    sources = json.loads(version["sources"])
    record = Record.built(
        id=version["id"],
        version=version["version"],
        namespace=names.decode(version["path"]),
        store=version["store"],
        type=version["type"],
        key=version["key"],
        text=text,
        payload=json.loads(payload) if payload else {},
        state=_STATES[version["state"]],
        sources=tuple(sources[ordinal] for ordinal in sorted(sources, key=int)),
        time=moment(version["time"]),
        actor=version["actor"],
        session=version["session"],
        valid_from=moment(version["valid_from"]),
        valid_to=moment(version["valid_to"]),
        due_at=moment(version["due_at"]),
        expires_at=moment(version["expires_at"]),
        pinned=version["pinned"],
        trust=_TRUSTS[version["trust"]],
        metadata=json.loads(version["metadata"]) if version["metadata"] else {},
        indexed={
            name: spoken(version["actor"], text) if own is None else own for name, (own, _) in fields.items()
        },
        why=version["why"],
        from_seq=version["from_seq"],
        to_seq=version["to_seq"],
    )
    return record, {name: hash for name, (_, hash) in fields.items()}


_AT: BindParameter[int] = bindparam("seq", type_=BigInteger)
_BY_IDS = _SELECTION.where(
    among_given(table.c.namespace, "numbers"), among_given(table.c.id, "ids")
).order_by(table.c.row)
_BY_IDS_MADE = _BY_IDS.where(_AT >= _FROM_SEQ)
_BY_IDS_NOW = _BY_IDS_MADE.where(ENDS > _AT)
_STANDING = _SELECTION.where(
    among_given(table.c.namespace, "numbers"),
    table.c.store == bindparam("store"),
    among_given(table.c.key, "keys"),
    table.c.state == State.LIVE.value,
    table.c.valid_to.is_(None),
).order_by(*ORDERS["newest"])
_STANDING_NOW = _STANDING.where(_AT >= _FROM_SEQ, ENDS > _AT)


def _found(
    connection: Connection,
    wanted: Select[Any],
    numbers: Sequence[int],
    asked: Mapping[str, Any] | None = None,
) -> Sequence[Row[Any]]:
    """The rows of `wanted`, which are all of the namespaces `numbers`.

    Raises:
        Damaged: they are not.
    """
    rows = connection.execute(wanted, asked).all()
    among_them = set(numbers)
    for row in rows:
        if row.namespace not in among_them:
            raise damage.strays("a record")
    return rows


def by_rows(connection: Connection, rows: Iterable[int], *, unchecked: bool = False) -> dict[int, Record]:
    """Versions by row number; rows that are gone are left out; also damaged ones if `unchecked`."""
    make = _unchecked if unchecked else build
    return {row.row: make(row) for row in connection.execute(_BY_ROWS, {"rows": many(rows)}).all()}


def by_ids(
    connection: Connection,
    numbers: Sequence[int],
    ids: Iterable[str],
    seen: Horizon | None,
    *,
    superseded: bool = False,
    unchecked: bool = False,
) -> list[tuple[int, Record]]:
    """Row and version of each of `ids` current at `seen` (none: every version), oldest version first.

    With those `superseded` by then.
    """
    asked: dict[str, Any] = {"numbers": many(numbers), "ids": many(ids)}
    wanted = _BY_IDS
    if isinstance(seen, int):
        asked["seq"] = seen
        wanted = _BY_IDS_MADE if superseded else _BY_IDS_NOW
    elif seen is not None:
        wanted = wanted.where(made(seen) if superseded else visible(seen))
    make = _unchecked if unchecked else build
    return [(row.row, make(row)) for row in _found(connection, wanted, numbers, asked)]


def find(
    connection: Connection,
    numbers: Sequence[int],
    store: str | None,
    seen: Horizon | None,
    where: Sequence[ColumnElement[bool]] = (),
    *,
    order: Order = "oldest",
    limit: int | None = None,
    offset: int = 0,
    unchecked: bool = False,
) -> list[Record]:
    """The versions current at `seen` (none: all) that pass `where`; also damaged ones if `unchecked`."""
    # One namespace by its number, so that its records come in the order of an index.
    own = table.c.namespace == numbers[0] if len(numbers) == 1 else among(table.c.namespace, numbers)
    wanted = _SELECTION.where(own, *where)
    wanted = wanted.order_by(*ORDERS[order]).limit(limit)
    wanted = wanted.offset(offset) if offset else wanted
    if store is not None:
        wanted = wanted.where(table.c.store == store)
    if seen is not None:
        wanted = wanted.where(visible(seen))
    make = _unchecked if unchecked else build
    return [make(row) for row in _found(connection, wanted, numbers)]


def standing(
    connection: Connection, numbers: Sequence[int], store: str, seen: Horizon | None, keys: Iterable[str]
) -> list[Record]:
    """The live versions of `keys` current at `seen` (none: any) that have no end, the newest first."""
    asked: dict[str, Any] = {"numbers": many(numbers), "store": store, "keys": many(keys)}
    wanted = _STANDING
    if isinstance(seen, int):
        asked["seq"] = seen
        wanted = _STANDING_NOW
    elif seen is not None:
        wanted = wanted.where(visible(seen))
    return [build(row) for row in _found(connection, wanted, numbers, asked)]


def rows_where(
    connection: Connection, numbers: Sequence[int], store: str, where: Sequence[ColumnElement[bool]]
) -> list[int]:
    """The row numbers of all versions that pass `where`, ascending."""
    wanted = (
        select(table.c.row)
        .outerjoin(events, events.c.seq == table.c.event_seq)
        .where(among(table.c.namespace, numbers), table.c.store == store, *where)
        .order_by(table.c.row)
    )
    return [int(row) for row in connection.execute(wanted).scalars()]


_IDS = given_values("ids")
_OTHER = table.alias()
_LAST = select(func.max(_OTHER.c.version)).where(
    _OTHER.c.namespace == bindparam("number"),
    _OTHER.c.store == bindparam("store"),
    _OTHER.c.id == _IDS.c.value,
)
_CURRENT = select(table.c.id, table.c.row, table.c.version).where(
    table.c.namespace == bindparam("number"),
    table.c.store == bindparam("store"),
    tuple_(table.c.id, table.c.version).in_(
        select(_IDS.c.value, _LAST.correlate(_IDS).scalar_subquery()).select_from(_IDS)
    ),
    table.c.state != State.FORGOTTEN.value,
)
"""The last version of each is looked up in the index of versions: an empty one has a negative number."""


def current(
    connection: Connection, number: int, store: str, ids: Iterable[str]
) -> dict[str, tuple[int, int]]:
    """Row and version number of the newest version by id."""
    asked = {"number": number, "store": store, "ids": many(ids)}
    return {id: (row, version) for id, row, version in connection.execute(_CURRENT, asked).all()}


def erase(connection: Connection, rows: Iterable[int], touched: int) -> None:
    """Empty versions: state `forgotten`, no text, no payload, no sources, nothing indexed.

    An empty row is current at no time, and gives its version number free: all is as if it had never been,
    and only caches that hold it still learn from it.
    """
    nothing = ("metadata", "event_seq", "key", "time", "valid_from", "valid_to", "due_at", "expires_at")
    empty = ("text", "payload", "actor", "session", "why")
    blank: dict[str, Any] = dict.fromkeys(nothing) | dict.fromkeys(empty, "")
    blank |= {"pinned": False, "state": State.FORGOTTEN.value, "touched": touched}
    blank |= {"version": -table.c.row, "to_seq": table.c.from_seq}
    gone = list(rows)
    connection.execute(delete(field).where(among(field.c.row, gone)))
    connection.execute(delete(source).where(among(source.c.row, gone)))
    connection.execute(update(table).where(among(table.c.row, gone)).values(**blank))


def remove(connection: Connection, number: int, store: str) -> None:
    """Delete every version of a store, for a rebuild."""
    rows = select(table.c.row).where(table.c.namespace == number, table.c.store == store)
    connection.execute(delete(field).where(field.c.row.in_(rows)))
    connection.execute(delete(source).where(source.c.row.in_(rows)))
    connection.execute(delete(table).where(table.c.namespace == number, table.c.store == store))


def rows_from(connection: Connection, number: int, event_ids: Iterable[str]) -> dict[int, set[str]]:
    """The rows that have any of `event_ids` as a source, each with all of its sources."""
    found: dict[int, set[str]] = {}
    touching = select(source.c.row).where(source.c.namespace == number, among(source.c.event_id, event_ids))
    wanted = select(source.c.row, source.c.event_id).where(source.c.row.in_(touching))
    for row, event_id in connection.execute(wanted).all():
        found.setdefault(row, set()).add(event_id)
    return found


def stores_of(connection: Connection, rows: Iterable[int]) -> set[str]:
    """The names of the stores that hold any of `rows`."""
    wanted = select(table.c.store).where(among(table.c.row, rows)).distinct()
    return set(connection.execute(wanted).scalars())


def other_versions(connection: Connection, number: int, rows: Sequence[int]) -> set[int]:
    """The rows of the same ids as `rows`, themselves left out."""
    ids = select(table.c.id).where(among(table.c.row, rows))
    wanted = select(table.c.row).where(
        table.c.namespace == number, table.c.id.in_(ids), table.c.state != State.FORGOTTEN.value
    )
    return set(connection.execute(wanted).scalars()) - set(rows)


def count(connection: Connection, numbers: Sequence[int]) -> dict[tuple[str, str], int]:
    """How many current records there are, by store and state."""
    wanted = (
        select(table.c.store, table.c.state, func.count())
        .where(among(table.c.namespace, numbers), table.c.to_seq.is_(None))
        .group_by(table.c.store, table.c.state)
    )
    return {(row[0], row[1]): row[2] for row in connection.execute(wanted)}


def retirements(connection: Connection, number: int, after: int, limit: int) -> list[Record]:
    """Versions by which records left recall (superseded, retracted, faded), newest first."""
    gone = [State.SUPERSEDED.value, State.RETRACTED.value, State.FADED.value]
    ended = and_(table.c.state == State.LIVE.value, table.c.valid_to.is_not(None))
    wanted = (
        _SELECTION.where(
            table.c.namespace == number, table.c.from_seq > after, or_(table.c.state.in_(gone), ended)
        )
        .order_by(table.c.from_seq.desc(), table.c.row.desc())
        .limit(limit)
    )
    return [build(row) for row in connection.execute(wanted).all()]


def made_at(connection: Connection, number: int, seqs: Iterable[int]) -> dict[int, str]:
    """Row and store of the versions that the events `seqs` made or ended."""
    given = list(seqs)
    wanted = select(table.c.row, table.c.store).where(
        table.c.namespace == number, or_(among(table.c.from_seq, given), among(table.c.to_seq, given))
    )
    return {int(row): store for row, store in connection.execute(wanted).all()}
