"""Filters of LangGraph's stores: a part that the database looks at, and a check of what it cannot say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agentmem.errors import InvalidInput
from agentmem.filters import And, Comparison, Filter, Not

OPERATORS = {"$eq": "=", "$ne": "!=", "$gt": ">", "$gte": ">=", "$lt": "<", "$lte": "<="}
ORDERING = ("$gt", "$gte", "$lt", "$lte")
ALL = 100_000
"""More hits than anybody pages through: asked for where each must be looked at by `passes`."""
LIVE = Comparison(field="state", operator="=", value="live")


def sql_of(filter: Mapping[str, Any] | None, root: str = "payload") -> tuple[Filter, bool]:
    """What the database is to look for, and whether what it finds must be checked by `passes`.

    Args:
        filter: Values, or operators with values, by key.
        root: Where the keys stand in a record: `payload` or `metadata`.

    Raises:
        InvalidInput: an operator that there is none of.
    """
    parts: list[Filter] = [LIVE]
    whole = True
    for key, wanted in (filter or {}).items():
        for part in _parts(f"{root}.{key}", wanted, sayable=_is_name(key)):
            if part is None:
                whole = False
            else:
                parts.append(part)
    return And(parts=tuple(parts)), not whole


def passes(value: Mapping[str, Any], filter: Mapping[str, Any] | None) -> bool:
    """Whether an item's value passes: every key's does."""
    return all(_matches(value.get(key), wanted) for key, wanted in (filter or {}).items())


def _parts(path: str, wanted: Any, *, sayable: bool) -> Iterator[Filter | None]:
    """What the database can look at; none for what it cannot."""
    if isinstance(wanted, Mapping) and any(str(key).startswith("$") for key in wanted):
        for operator, value in wanted.items():
            _require(operator)
            yield _compared(path, operator, value) if sayable else None
    elif isinstance(wanted, Mapping) and wanted:
        yield None  # that there is an object at all
        for key, value in wanted.items():
            yield from _parts(f"{path}.{key}", value, sayable=sayable and _is_name(key))
    else:
        yield _compared(path, "$eq", wanted) if sayable else None


def _compared(path: str, operator: str, wanted: Any) -> Filter | None:
    if wanted is None and operator in ("$eq", "$ne"):
        known = Comparison(field=path, operator="exists")
        is_null = Comparison(field=path, operator="=", value=None)
        missing = Not(part=And(parts=(known, Not(part=is_null))))
        return missing if operator == "$eq" else Not(part=missing)
    if not isinstance(wanted, str | int | float | bool):
        return None
    if operator == "$ne":  # what has no value is not equal to any
        return Not(part=Comparison(field=path, operator="=", value=wanted))
    if operator in ORDERING and not _is_number(wanted):
        return None
    return Comparison(field=path, operator=OPERATORS[operator], value=wanted)


def _matches(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, Mapping):
        if any(str(key).startswith("$") for key in wanted):
            return all(_holds(value, _require(operator), one) for operator, one in wanted.items())
        return isinstance(value, Mapping) and all(
            _matches(value.get(key), one) for key, one in wanted.items()
        )
    if isinstance(wanted, list | tuple):
        same_length = isinstance(value, list) and len(value) == len(wanted)
        return same_length and all(_matches(one, other) for one, other in zip(value, wanted, strict=True))
    return _same(value, wanted)


def _holds(value: Any, operator: str, wanted: Any) -> bool:
    if operator in ("$eq", "$ne"):
        return _same(value, wanted) == (operator == "$eq")
    if not _is_number(value) or not _is_number(wanted):
        return False
    found: bool = {
        "$gt": value > wanted,
        "$gte": value >= wanted,
        "$lt": value < wanted,
        "$lte": value <= wanted,
    }[operator]
    return found


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _same(value: Any, wanted: Any) -> bool:
    """Equality of JSON: `true` is no 1."""
    return isinstance(value, bool) == isinstance(wanted, bool) and bool(value == wanted)


def _require(operator: str) -> str:
    if operator not in OPERATORS:
        raise InvalidInput(f"filter has no operator {operator!r}", f"there are: {', '.join(OPERATORS)}")
    return operator


def _is_name(key: object) -> bool:
    """Whether a key can be a step of a path in a filter."""
    return isinstance(key, str) and bool(key) and not set(key) & set('."')
