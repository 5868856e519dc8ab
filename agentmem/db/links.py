"""Typed edges, as of a sequence number, and what can be reached along them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
    union,
    update,
)

from agentmem.db.horizon import Horizon, bound
from agentmem.db.many import among, among_given, many
from agentmem.db.tables import link as table
from agentmem.records import Link

Direction = Literal["out", "in"]


_NEW = ("namespace", "store", "source", "type", "target", "from_seq")
_GIVEN = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in _NEW}
_STANDS = exists().where(
    *(table.c[name] == _GIVEN[name] for name in ("namespace", "source", "type", "target")),
    table.c.to_seq.is_(None),
)
_INSERT = insert(table).from_select(_NEW, select(*_GIVEN.values()).where(~_STANDS))


def write(connection: Connection, number: int, store: str, links: Sequence[Link], seq: int) -> None:
    """Add links that hold from `seq` on; one that stands already stays as it is."""
    rows = [
        {
            "new_namespace": number,
            "new_store": store,
            "new_source": edge.source,
            "new_type": edge.type,
            "new_target": edge.target,
            "new_from_seq": seq,
        }
        for edge in links
    ]
    if rows:
        connection.execute(_INSERT, rows)


def close(connection: Connection, number: int, links: Sequence[Link], seq: int) -> None:
    """End links at `seq`."""
    for edge in links:
        connection.execute(update(table).where(*_same(number, edge)).values(to_seq=seq))


def _same(number: int, edge: Link) -> list[ColumnElement[bool]]:
    return [
        table.c.namespace == number,
        table.c.source == edge.source,
        table.c.type == edge.type,
        table.c.target == edge.target,
        table.c.to_seq.is_(None),
    ]


def visible(seq: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a link held at sequence number `seq`."""
    return and_(table.c.from_seq <= seq, or_(table.c.to_seq.is_(None), table.c.to_seq > seq))


def _at_either_end(seq: ColumnElement[int], *where: ColumnElement[bool]) -> CompoundSelect[Any]:
    """Links from or to the parameter `ids`: a search of one index for each end, which an `or` is not."""
    ends = [
        select(table).where(
            among_given(table.c.namespace, "numbers"),
            among_given(end, "ids"),
            visible(seq),
            *where,
        )
        for end in (table.c.source, table.c.target)
    ]
    return union(*ends).order_by("row")


def _at_one_end(end: ColumnElement[str], seq: ColumnElement[int]) -> Select[Any]:
    """Links whose `end` is among the parameter `ids`, the newest first."""
    wanted = select(table).where(among_given(table.c.namespace, "numbers"), among_given(end, "ids"))
    return wanted.where(visible(seq)).order_by(table.c.row.desc())


def _ring(direction: Direction, seq: ColumnElement[int]) -> Select[Any]:
    """What links of the parameter `type` lead to from the parameter `ids`."""
    here, there = (table.c.source, table.c.target) if direction == "out" else (table.c.target, table.c.source)
    return (
        select(there)
        .where(
            among_given(table.c.namespace, "numbers"),
            table.c.type == bindparam("type"),
            among_given(here, "ids"),
            visible(seq),
        )
        .distinct()
    )


_ENDS: Mapping[Direction, ColumnElement[str]] = {"out": table.c.source, "in": table.c.target}
_AT: BindParameter[int] = bindparam("seq", type_=BigInteger)
_TYPE = table.c.type == bindparam("type")
_OF = _at_either_end(_AT)
_OF_TYPE = _at_either_end(_AT, _TYPE)
_MOST: BindParameter[int] = bindparam("limit", type_=BigInteger)
_ONE_WAY = {way: _at_one_end(end, _AT).limit(_MOST) for way, end in _ENDS.items()}
_ONE_WAY_OF_TYPE = {way: _at_one_end(end, _AT).where(_TYPE).limit(_MOST) for way, end in _ENDS.items()}
_RING = {way: _ring(way, _AT) for way in _ENDS}
NO_LIMIT = 2**63 - 1


def build(row: Row[Any]) -> Link:
    """The link of a row of the table."""
    return Link(
        source=row.source,
        type=row.type,
        target=row.target,
        store=row.store,
        from_seq=row.from_seq,
        to_seq=row.to_seq,
    )


def of(
    connection: Connection, numbers: Sequence[int], ids: Iterable[str], type: str | None, seen: Horizon
) -> list[Link]:
    """The links from or to any of `ids`, in the order they were made."""
    asked: dict[str, Any] = {"numbers": many(numbers), "ids": many(ids)}
    wanted = _OF if type is None else _OF_TYPE
    if isinstance(seen, int):
        asked["seq"] = seen
    else:
        seq = bound(table.c.namespace, seen)
        wanted = _at_either_end(seq) if type is None else _at_either_end(seq, _TYPE)
    if type is not None:
        asked["type"] = type
    return [build(row) for row in connection.execute(wanted, asked).all()]


def one_way(
    connection: Connection,
    numbers: Sequence[int],
    ids: Iterable[str],
    type: str | None,
    direction: Direction,
    limit: int | None,
    seen: Horizon,
) -> list[Link]:
    """The links from (`out`) or to (`in`) any of `ids`, the newest first, at most `limit` of them."""
    asked: dict[str, Any] = {"numbers": many(numbers), "ids": many(ids)}
    asked["limit"] = NO_LIMIT if limit is None else limit
    if type is not None:
        asked["type"] = type
    if isinstance(seen, int):
        asked["seq"] = seen
        wanted = (_ONE_WAY if type is None else _ONE_WAY_OF_TYPE)[direction]
    else:
        wanted = _at_one_end(_ENDS[direction], bound(table.c.namespace, seen)).limit(_MOST)
        wanted = wanted if type is None else wanted.where(_TYPE)
    return [build(row) for row in connection.execute(wanted, asked).all()]


def reach(
    connection: Connection,
    numbers: Sequence[int],
    ids: Iterable[str],
    type: str,
    direction: Direction,
    depth: int | None,
    seen: Horizon,
) -> dict[str, int]:
    """Ids reached from `ids` along links of `type`, with their distance (one statement a ring)."""
    reached: dict[str, int] = dict.fromkeys(ids, 0)
    frontier = set(reached)
    asked: dict[str, Any] = {"numbers": many(numbers), "type": type}
    if isinstance(seen, int):
        asked["seq"] = seen
        ring = _RING[direction]
    else:
        ring = _ring(direction, bound(table.c.namespace, seen))
    distance = 0
    while frontier and (depth is None or distance < depth):
        distance += 1
        found = connection.execute(ring, {**asked, "ids": many(frontier)}).scalars()
        frontier = set(found) - set(reached)
        reached.update(dict.fromkeys(frontier, distance))
    return reached


def stores_touching(connection: Connection, number: int, ids: Iterable[str]) -> set[str]:
    """The stores that ever linked any of `ids` with something."""
    given = list(ids)
    ends = [
        select(table.c.store).where(table.c.namespace == number, among(end, given))
        for end in (table.c.source, table.c.target)
    ]
    return set(connection.execute(union(*ends)).scalars())


def remove(connection: Connection, number: int, store: str) -> None:
    """Delete every link of a store, for a rebuild."""
    connection.execute(delete(table).where(table.c.namespace == number, table.c.store == store))


def erase(connection: Connection, number: int, ids: Iterable[str]) -> None:
    """Delete the links from and to `ids`."""
    given = list(ids)
    for end in (table.c.source, table.c.target):
        connection.execute(delete(table).where(table.c.namespace == number, among(end, given)))
