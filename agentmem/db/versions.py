"""Record versions: load, find, and which of them are current."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    exists,
    or_,
    select,
)

from agentmem.db import damage, names
from agentmem.db.functions import HexOf
from agentmem.db.horizon import Horizon, bound
from agentmem.db.many import among, among_given, gathered, many, pair
from agentmem.db.records import digest
from agentmem.db.tables import ENDS, RETIRED, field, source
from agentmem.db.tables import event as events
from agentmem.db.tables import namespace as namespaces
from agentmem.db.tables import record as table
from agentmem.db.times import moment
from agentmem.records import Namespace, Record, State, Trust, spoken

Order = Literal["newest", "oldest", "changed", "due", "key", "id", "place"]
ORDERS: Mapping[Order, tuple[ColumnElement[Any], ...]] = {
    "newest": (table.c.time.desc(), table.c.row.desc()),
    "oldest": (table.c.time, table.c.row),
    "changed": (table.c.from_seq.desc(), table.c.row.desc()),
    "due": (table.c.due_at, table.c.row),
    "key": (table.c.key, table.c.row),
    "id": (table.c.id, table.c.row),
    "place": (namespaces.c.path, table.c.key, table.c.row),
}


EPISODIC = "episodic"
"""The store whose record of an observation has the event's own id."""
_STATES = {state.value: state for state in State}
_TRUSTS = {trust.value: trust for trust in Trust}


_SELECTION = (
    select(
        table,
        namespaces.c.path,
        events.c.text.label("event_text"),
        events.c.data.label("event_data"),
        events.c.id.label("event_id"),
        events.c.store.label("event_store"),
        gathered(source.c.ordinal, source.c.event_id, source.c.row == table.c.row, table).label("sources"),
        gathered(
            field.c.name, pair(field.c.text, HexOf(field.c.digest)), field.c.row == table.c.row, table
        ).label("fields"),
    )
    .join(namespaces, namespaces.c.id == table.c.namespace)
    .outerjoin(events, events.c.seq == table.c.event_seq)
)
"""All that `build` needs of a version."""
_ROWS = select(table.c.row).join(namespaces, namespaces.c.id == table.c.namespace)
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
        record, digests, said = _build(row)
        wrong = [name for name, text in record.indexed.items() if digest(text).hex().upper() != digests[name]]
    if wrong:
        raise damage.not_as_written(f"the text of record {row.id!r}", "run `agentmem verify`")
    if record.store == EPISODIC and said is not None and said != record.id:
        raise damage.not_as_written(f"the id of record {row.id!r}", "run `agentmem verify`")
    return record


def _unchecked(row: Row[Any]) -> Record:
    return _build(row)[0]


_JSON = json.JSONDecoder()


def _read(written: str) -> Any:
    """What `json.loads` gives, for a third of the time where nothing stands around it: as we write it."""
    value, end = _JSON.raw_decode(written)
    return value if end == len(written) else json.loads(written)


def _build(row: Row[Any]) -> tuple[Record, dict[str, str], str | None]:
    """The record, by name the hashes that what is indexed of it should have, and its observation's id."""
    version = dict(zip(_NAMES, row, strict=True))  # looking a name up in `row` itself takes longer
    fields = _read(version["fields"])
    text = (version["event_text"] if version["text"] is None else version["text"]) or ""
    payload = version["event_data"] if version["payload"] is None else version["payload"]
    sources = _read(version["sources"])
    record = Record.built(
        id=version["id"],
        version=version["version"],
        namespace=names.decode(version["path"]),
        store=version["store"],
        type=version["type"],
        key=version["key"],
        text=text,
        payload=_read(payload) if payload else {},
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
        metadata=_read(version["metadata"]) if version["metadata"] else {},
        indexed={
            name: spoken(version["actor"], text) if own is None else own for name, (own, _) in fields.items()
        },
        why=version["why"],
        from_seq=version["from_seq"],
        to_seq=version["to_seq"],
    )
    said = version["event_id"] if version["event_store"] == "" else None
    return record, {name: hash for name, (_, hash) in fields.items()}, said


_AT: BindParameter[int] = bindparam("seq", type_=BigInteger)
_THEN = (_AT >= _FROM_SEQ, ENDS > _AT)
_OF_IDS = (among_given(table.c.namespace, "numbers"), among_given(table.c.id, "ids"))
_BY_IDS = _SELECTION.where(*_OF_IDS).order_by(table.c.row)
_BY_IDS_MADE = _BY_IDS.where(_AT >= _FROM_SEQ)
_BY_IDS_NOW = _BY_IDS.where(*_THEN)
_MARKS = select(table.c.row, table.c.touched, table.c.namespace).where(*_OF_IDS).order_by(table.c.row)
_MARKS_NOW = _MARKS.where(*_THEN)
_RETIRED = select(table.c.id).where(
    *_OF_IDS,
    table.c.store == bindparam("store"),
    RETIRED,
)
_RETIRED_NOW = _RETIRED.where(*_THEN)
_STANDING = _SELECTION.where(
    among_given(table.c.namespace, "numbers"),
    table.c.store == bindparam("store"),
    among_given(table.c.key, "keys"),
    table.c.state == State.LIVE.value,
    table.c.valid_to.is_(None),
).order_by(*ORDERS["newest"])
_STANDING_NOW = _STANDING.where(*_THEN)
_PINNED = _SELECTION.where(
    among_given(table.c.namespace, "numbers"),
    table.c.store == bindparam("store"),
    table.c.pinned.is_(True),
    table.c.state == State.LIVE.value,
).order_by(*ORDERS["id"])
_PINNED_NOW = _PINNED.where(*_THEN)


def _as_of(
    asked: dict[str, Any],
    seen: Horizon | None,
    every: Select[Any],
    then: Select[Any],
    condition: Callable[[Horizon], ColumnElement[bool]] = visible,
) -> Select[Any]:
    """The statement for what is seen: `then`, which is built already, for one number, which joins `asked`.

    Args:
        asked: Its parameters.
        seen: Up to where; none: all.
        every: The statement for all.
        then: The same with the condition for the parameter `seq`.
        condition: The condition, for a number for each namespace.
    """
    if seen is None:
        return every
    if isinstance(seen, int):
        asked["seq"] = seen
        return then
    return every.where(condition(seen))


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


Mark = tuple[int, int]
"""A row, and the number of its last change: under it a version is the same wherever it is read."""


def marks(connection: Connection, numbers: Sequence[int], ids: Iterable[str], seen: Horizon) -> list[Mark]:
    """The marks of the versions of `ids` current at `seen`, in the order of `by_ids`.

    Raises:
        Damaged: a record is of another namespace.
    """
    asked: dict[str, Any] = {"numbers": many(numbers), "ids": many(ids)}
    wanted = _as_of(asked, seen, _MARKS, _MARKS_NOW)
    return [(row.row, row.touched) for row in _found(connection, wanted, numbers, asked)]


def retired(
    connection: Connection, numbers: Sequence[int], store: str, ids: Iterable[str], seen: Horizon
) -> set[str]:
    """Those of `ids` whose version current at `seen` does not stand: retracted, corrected, faded or ended."""
    asked: dict[str, Any] = {"numbers": many(numbers), "store": store, "ids": many(ids)}
    wanted = _as_of(asked, seen, _RETIRED, _RETIRED_NOW)
    return set(connection.execute(wanted, asked).scalars())


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
    if superseded:
        wanted = _as_of(asked, seen, _BY_IDS, _BY_IDS_MADE, made)
    else:
        wanted = _as_of(asked, seen, _BY_IDS, _BY_IDS_NOW)
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
    conditions = [own, *where]
    if store is not None:
        conditions.append(table.c.store == store)
    if seen is not None:
        conditions.append(visible(seen))
    make = _unchecked if unchecked else build
    if limit is None and not offset:
        wanted = _SELECTION.where(*conditions).order_by(*ORDERS[order])
        return [make(row) for row in _found(connection, wanted, numbers)]
    # Rows first: all that stands beside a row is put together for those of this page alone.
    page = _ROWS.where(*conditions).order_by(*ORDERS[order]).limit(limit).offset(offset)
    rows = list(connection.execute(page).scalars())
    found = {row.row: make(row) for row in _found(connection, _BY_ROWS, numbers, {"rows": many(rows)})}
    return [found[row] for row in rows if row in found]


def standing(
    connection: Connection, numbers: Sequence[int], store: str, seen: Horizon | None, keys: Iterable[str]
) -> list[Record]:
    """The live versions of `keys` current at `seen` (none: any) that have no end, the newest first."""
    asked: dict[str, Any] = {"numbers": many(numbers), "store": store, "keys": many(keys)}
    wanted = _as_of(asked, seen, _STANDING, _STANDING_NOW)
    return [build(row) for row in _found(connection, wanted, numbers, asked)]


def pinned(connection: Connection, numbers: Sequence[int], store: str, seen: Horizon) -> list[Record]:
    """The live versions current at `seen` that are pinned, by id."""
    asked: dict[str, Any] = {"numbers": many(numbers), "store": store}
    wanted = _as_of(asked, seen, _PINNED, _PINNED_NOW)
    return [build(row) for row in _found(connection, wanted, numbers, asked)]


_ROWS_OF = select(table.c.row).where(*_OF_IDS, table.c.store == bindparam("store"))


def rows_of(connection: Connection, numbers: Sequence[int], store: str, ids: Iterable[str]) -> list[int]:
    """The row numbers of all versions of `ids`."""
    asked = {"numbers": many(numbers), "store": store, "ids": many(ids)}
    return list(connection.execute(_ROWS_OF, asked).scalars())


_HOLDS = exists().where(
    table.c.namespace == namespaces.c.id,
    table.c.store == bindparam("store"),
    table.c.state == State.LIVE.value,
    table.c.to_seq.is_(None),
)
_HOLDING = (
    select(namespaces.c.path)
    .where(among_given(namespaces.c.id, "numbers"), _HOLDS)
    .order_by(namespaces.c.path)
)


def holding(connection: Connection, numbers: Sequence[int], store: str) -> list[Namespace]:
    """Those of the namespaces `numbers` in which the store has a live record now, by path."""
    asked = {"numbers": many(numbers), "store": store}
    return [names.decode(path) for path in connection.execute(_HOLDING, asked).scalars()]


def rows_where(
    connection: Connection, numbers: Sequence[int], store: str, where: Sequence[ColumnElement[bool]]
) -> list[int]:
    """The row numbers of all versions that pass `where`, ascending."""
    wanted = (
        select(table.c.row)
        .where(among(table.c.namespace, numbers), table.c.store == store, *where)
        .order_by(table.c.row)
    )
    return [int(row) for row in connection.execute(wanted).scalars()]


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
