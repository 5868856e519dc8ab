"""The filter language as SQL over record versions."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, cast, exists, false, func, not_, or_, select

from agentmem.db.many import among
from agentmem.db.tables import event as events
from agentmem.db.tables import record as records
from agentmem.db.times import micros
from agentmem.errors import InvalidFilter
from agentmem.filters import FIELDS, And, Comparison, Filter, Not, Scalar, moment, parsed

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
        root, _, path = node.field.partition(".")
        test = _in_json(root, path, node) if path else _in_column(node)
        return func.coalesce(test, false())
    if isinstance(node, Not):
        return not_(_condition(node.part))
    parts = [_condition(part) for part in node.parts]
    return and_(*parts) if isinstance(node, And) else or_(*parts)


def _column(name: str) -> ColumnElement[Any]:
    if FIELDS[name] is bool:
        return cast(records.c[name], Integer)
    return func.coalesce(records.c.text, _TEXT, "") if name == "text" else records.c[name]


def _in_column(node: Comparison) -> ColumnElement[bool]:
    column = _column(node.field)
    if node.operator == "exists":
        return column.is_not(None) if FIELDS[node.field] is not str else func.coalesce(column, "") != ""
    if node.operator == "contains":
        return func.instr(column, node.value) > 0
    if node.operator == "in":
        plain = [_plain(node.field, value) for value in _members(node)]
        return among(column, [value for value in plain if not _is_infinite(value)])
    if node.operator == "!=":
        return column.is_not(None) if node.value is None else column != _plain(node.field, _one(node))
    if node.value is None:
        return column.is_(None)
    return COMPARE[node.operator](column, _plain(node.field, _one(node)))


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
    where = "$" + "".join(f'."{part}"' for part in path.split("."))
    kind = func.json_type(document, where)
    if node.operator == "exists":
        return kind.is_not(None)
    value = func.json_extract(document, where)
    if node.operator == "contains":
        member = func.json_each(document, where).table_valued("value", "type")
        is_member = exists(
            select(1).select_from(member).where(_equal(member.c.type, member.c.value, _one(node)))
        )
        substring: ColumnElement[bool] = (
            and_(kind == "text", func.instr(value, node.value) > 0)
            if isinstance(node.value, str)
            else false()
        )
        return or_(substring, and_(kind == "array", is_member))
    if node.operator == "in":
        return _is_one_of(kind, value, _members(node))
    if node.operator == "=":
        return _equal(kind, value, _one(node))
    if node.operator == "!=":
        return and_(kind.is_not(None), not_(_equal(kind, value, _one(node))))
    return _in_order(kind, value, node.operator, _one(node))


def _is_one_of(
    kind: ColumnElement[Any], value: ColumnElement[Any], wanted: Iterable[Scalar]
) -> ColumnElement[bool]:
    """One condition for each kind, however many are wanted."""
    texts: list[Scalar] = []
    numbers: list[Scalar] = []
    others: dict[Scalar, ColumnElement[bool]] = {}
    for one in wanted:
        if isinstance(one, str):
            texts.append(one)
        elif isinstance(one, bool) or one is None:
            others[one] = _of_kind(kind, one)
        elif _is_infinite(_number(one)):
            others[one] = _equal(kind, value, one)
        else:
            numbers.append(_number(one))
    return or_(
        and_(_of_kind(kind, ""), among(value, texts)),
        and_(_of_kind(kind, 0), among(value, numbers)),
        *others.values(),
    )


def _in_order(
    kind: ColumnElement[Any], value: ColumnElement[Any], operator: str, wanted: Scalar
) -> ColumnElement[bool]:
    """Texts, numbers, and `false` before `true`; nothing comes before or after null."""
    if wanted is None:
        return false()
    if isinstance(wanted, bool):
        return and_(kind.in_(["true", "false"]), COMPARE[operator](value, int(wanted)))
    return and_(_of_kind(kind, wanted), COMPARE[operator](value, _number(wanted)))


def _of_kind(kind: ColumnElement[Any], wanted: Scalar) -> ColumnElement[bool]:
    if wanted is None:
        return kind == "null"
    if isinstance(wanted, bool):
        return kind == ("true" if wanted else "false")
    return kind == "text" if isinstance(wanted, str) else kind.in_(["integer", "real"])


def _equal(kind: ColumnElement[Any], value: ColumnElement[Any], wanted: Scalar) -> ColumnElement[bool]:
    if wanted is None or isinstance(wanted, bool):
        return _of_kind(kind, wanted)
    return and_(_of_kind(kind, wanted), value == _number(wanted))
