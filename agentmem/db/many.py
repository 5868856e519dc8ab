"""Lists of any length as one bind parameter: `column IN (...)` without a placeholder for each value.

The statement stays the same whatever the length, which SQLAlchemy compiles once and the database plans once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ScalarSelect,
    String,
    Table,
    TableValuedAlias,
    bindparam,
    select,
)

from agentmem.db.functions import BytesOf, Item, ItemsOf, ListOf, ObjectOf, PairOf


def among(column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Whether `column` is one of `values`: strings, and finite numbers."""
    return _is_item(column, bindparam(None, many(values), type_=String()))


def among_given(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Whether `column` is one of the values that the parameter `name` gives, as `many` of them."""
    return _is_item(column, bindparam(name, type_=String()))


def given_values(name: str) -> TableValuedAlias:
    """The values that the parameter `name` gives, as `many` of them: a table with the column `value`."""
    return _values(bindparam(name, type_=String()))


def many(values: Iterable[Any]) -> str:
    """`values` as a parameter of `among_given`; what holds a NUL is left out, as it is in no database.

    (`json_each` would end such a text at its NUL, and find another.)
    """
    given = list(values)
    array = json.dumps(given, ensure_ascii=False)
    if "\\u0000" in array:
        array = json.dumps([value for value in given if "\x00" not in str(value)], ensure_ascii=False)
    return array


def gathered(
    key: ColumnElement[Any], value: ColumnElement[Any], where: ColumnElement[bool], of: Table
) -> ScalarSelect[str]:
    """For each row of the table `of`: a JSON object of `key` and `value` of the rows that `where` joins."""
    return select(ObjectOf(key, value)).where(where).correlate(of).scalar_subquery()


def pair(first: ColumnElement[Any], second: ColumnElement[Any]) -> ColumnElement[str]:
    """Two values as a JSON array, to be a value of `gathered`."""
    return PairOf(first, second)


def joined(data: ColumnElement[bytes]) -> ColumnElement[bytes]:
    """The bytes of all rows of a group, one behind the other; nothing for no row."""
    return BytesOf(data)


def listed(value: ColumnElement[int]) -> ColumnElement[str]:
    """A JSON array of a number of all rows of a group, in the order of `joined`."""
    return ListOf(value)


def _is_item(column: ColumnElement[Any], array: BindParameter[str]) -> ColumnElement[bool]:
    return column.in_(select(Item(_values(array).c.value, column.type)))


def _values(array: BindParameter[str]) -> TableValuedAlias:
    return ItemsOf(array).table_valued("value")
