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
    LargeBinary,
    ScalarSelect,
    String,
    Table,
    TableValuedAlias,
    bindparam,
    cast,
    func,
    select,
)


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
    # `json_group_object` is SQLite's; PostgreSQL has `jsonb_object_agg`.
    return select(func.json_group_object(key, value)).where(where).correlate(of).scalar_subquery()


def pair(first: ColumnElement[Any], second: ColumnElement[Any]) -> ColumnElement[str]:
    """Two values as a JSON array, to be a value of `gathered`."""
    # `json_array` is SQLite's; PostgreSQL has `jsonb_build_array`.
    return func.json_array(first, second)


def joined(data: ColumnElement[bytes]) -> ColumnElement[bytes]:
    """The bytes of all rows of a group, one behind the other; nothing for no row."""
    # SQLite takes bytes for text here, as it does not look into either; PostgreSQL has `string_agg`.
    return cast(func.group_concat(data, ""), LargeBinary)


def listed(value: ColumnElement[int]) -> ColumnElement[str]:
    """A JSON array of a number of all rows of a group, in the order of `joined`."""
    return func.json_group_array(value)


def _is_item(column: ColumnElement[Any], array: BindParameter[str]) -> ColumnElement[bool]:
    return column.in_(select(_values(array).c.value))


def _values(array: BindParameter[str]) -> TableValuedAlias:
    """`json_each` is SQLite's; PostgreSQL has `jsonb_array_elements`."""
    return func.json_each(array).table_valued("value")
