"""The filter language as SQL over record versions."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    cast,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)

from agentmem.db.functions import HasAt, KindAt, Number, NumberAt, PlaceOf, TextAt
from agentmem.db.many import among
from agentmem.db.tables import event as events
from agentmem.db.tables import namespace as namespaces
from agentmem.db.tables import record as records
from agentmem.db.tables import source as sources
from agentmem.db.times import micros
from agentmem.errors import InvalidFilter
from agentmem.filters import FIELDS, JOINED, And, Comparison, Filter, Not, Scalar, moment, parsed

COMPARE: dict[str, Callable[[ColumnElement[Any], Any], ColumnElement[bool]]] = {
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


_DATA, _TEXT = (
    select(column).where(events.c.seq == records.c.event_seq).correlate(records).scalar_subquery()
    for column in (events.c.data, events.c.text)
)
"""What a record has from its event: looked up only for one that has none of its own."""


def compile(filter: Filter | str) -> ColumnElement[bool]:
    """A condition on `records`.

    Raises:
        InvalidFilter: `filter` is a text that does not parse, or is too large.
    """
    return _condition(parsed(filter))


def _condition(node: Filter) -> ColumnElement[bool]:
    if isinstance(node, Comparison):
        if node.field in JOINED:
            return _joined(node)
        root, _, path = node.field.partition(".")
        test = _in_json(root, path, node) if path else _in_column(node)
        return func.coalesce(test, false())
    if isinstance(node, Not):
        return not_(_condition(node.part))
    parts = [_condition(part) for part in node.parts]
    return and_(true(), *parts) if isinstance(node, And) else or_(false(), *parts)


def _joined(node: Comparison) -> ColumnElement[bool]:
    """Whether a record rests on one of some events, or is of one of some namespaces."""
    wanted = [value for value in _members(node) if value is not None]
    test: ColumnElement[bool]
    if node.field == "source":
        told = sources.c.row == records.c.row
        test = exists(select(sources.c.row).where(told, among(sources.c.event_id, wanted)).correlate(records))
    else:
        named = select(namespaces.c.id).where(among(namespaces.c.path, wanted))
        test = records.c.namespace.in_(named)
    return not_(test) if node.operator == "!=" else test


def _column(name: str) -> ColumnElement[Any]:
    if FIELDS[name] is bool:
        return cast(records.c[name], Integer)
    return func.coalesce(records.c.text, _TEXT, "") if name == "text" else records.c[name]


def _in_column(node: Comparison) -> ColumnElement[bool]:
    column = _column(node.field)
    if node.operator == "exists":
        return column.is_not(None) if FIELDS[node.field] is not str else func.coalesce(column, "") != ""
    if node.operator == "contains":
        return PlaceOf(column, node.value) > 0
    if node.operator == "in":
        plain = [_plain(node.field, value) for value in _members(node)]
        return among(column, [value for value in plain if not isinstance(value, float)])  # beyond 64 bits
    if node.value is None:
        return column.is_not(None) if node.operator == "!=" else column.is_(None)
    value = _plain(node.field, _one(node))
    given = value if isinstance(value, str) else literal(value, Number())
    return column != given if node.operator == "!=" else COMPARE[node.operator](column, given)


def _members(node: Comparison) -> tuple[Scalar, ...]:
    return node.value if isinstance(node.value, tuple) else (node.value,)


def _one(node: Comparison) -> Scalar:
    return _members(node)[0]


def _plain(field: str, value: Scalar) -> Any:
    if FIELDS[field] is datetime:
        return micros(moment(field, value))
    return int(value) if isinstance(value, bool) else _number(value)


def _number(value: Scalar) -> Scalar:
    """`value`; a number beyond 64 bits as the float that the database makes of such a number itself."""
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        try:
            return float(value)
        except OverflowError:
            return float("inf") if value > 0 else float("-inf")
    return value


def _is_infinite(value: Any) -> bool:
    return isinstance(value, float) and math.isinf(value)


def _in_json(root: str, path: str, node: Comparison) -> ColumnElement[bool]:
    document: ColumnElement[Any] = records.c.metadata
    if root == "payload":
        document = func.nullif(func.coalesce(records.c.payload, _DATA), "")
    if '"' in path:
        raise InvalidFilter(f"filter names the path {node.field!r}", "leave out the quotation mark")
    at = _At(document, path.split("."))
    if node.operator == "exists":
        return at.kind.is_not(None)
    if node.operator == "contains":
        return _contains(at, _one(node))
    if node.operator == "in":
        return _is_one_of(at, _members(node))
    if node.operator == "=":
        return _equal(at, _one(node))
    if node.operator == "!=":
        return and_(at.kind.is_not(None), not_(_equal(at, _one(node))))
    return _in_order(at, node.operator, _one(node))


class _At:
    """What stands in a document at a path: its kind, and it as a text or as a number."""

    def __init__(self, document: ColumnElement[Any], parts: Sequence[str]) -> None:
        self.document, self.parts = document, parts
        self.kind = KindAt(document, parts)
        self.text = TextAt(document, parts)
        self.number = NumberAt(document, parts)


def _contains(at: _At, wanted: Scalar) -> ColumnElement[bool]:
    """Whether a text has a part, or a list a member."""
    member: ColumnElement[bool] = HasAt(at.document, at.parts, json.dumps([wanted]))
    if not isinstance(wanted, str):
        return member
    return or_(and_(at.kind == "text", PlaceOf(at.text, wanted) > 0), member)


def _is_one_of(at: _At, wanted: Iterable[Scalar]) -> ColumnElement[bool]:
    """One condition for each kind, however many are wanted."""
    texts: list[Scalar] = []
    numbers: list[Scalar] = []
    others: dict[Scalar, ColumnElement[bool]] = {}
    for one in wanted:
        if isinstance(one, str):
            texts.append(one)
        elif isinstance(one, bool) or one is None:
            others[one] = _of_kind(at, one)
        elif _is_infinite(_number(one)):
            others[one] = _equal(at, one)
        else:
            numbers.append(_number(one))
    return or_(
        and_(_of_kind(at, ""), among(at.text, texts)),
        and_(_of_kind(at, 0), among(at.number, numbers)),
        *others.values(),
    )


def _in_order(at: _At, operator: str, wanted: Scalar) -> ColumnElement[bool]:
    """Texts, numbers, and `false` before `true`; nothing comes before or after null."""
    if wanted is None:
        return false()
    if isinstance(wanted, bool):
        return and_(at.kind.in_(["true", "false"]), COMPARE[operator](at.number, int(wanted)))
    return and_(_of_kind(at, wanted), COMPARE[operator](_as(at, wanted), _number(wanted)))


def _of_kind(at: _At, wanted: Scalar) -> ColumnElement[bool]:
    if wanted is None:
        return at.kind == "null"
    if isinstance(wanted, bool):
        return at.kind == ("true" if wanted else "false")
    return at.kind == "text" if isinstance(wanted, str) else at.kind.in_(["integer", "real"])


def _as(at: _At, wanted: Scalar) -> ColumnElement[Any]:
    return at.text if isinstance(wanted, str) else at.number


def _equal(at: _At, wanted: Scalar) -> ColumnElement[bool]:
    if wanted is None or isinstance(wanted, bool):
        return _of_kind(at, wanted)
    return and_(_of_kind(at, wanted), _as(at, wanted) == _number(wanted))
