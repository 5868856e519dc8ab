"""Lists of any length as one bind parameter: `column IN (...)` without a placeholder for each value.

The statement stays the same whatever the length, which SQLAlchemy compiles once and the database plans once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, ColumnElement, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class _Among(FunctionElement[bool]):
    """Whether the first argument is one of the values in the second, a JSON array."""

    name = "among"
    type = Boolean()
    inherit_cache = True


@compiles(_Among, "sqlite")
def _on_sqlite(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"


def among(column: ColumnElement[Any], values: Iterable[int] | Iterable[str]) -> ColumnElement[bool]:
    """Whether `column` is one of `values`, numbers or strings."""
    return _Among(column, bindparam(None, many(values), type_=String()))


def among_given(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Whether `column` is one of the values that the parameter `name` gives, as `many` of them."""
    return _Among(column, bindparam(name, type_=String()))


def many(values: Iterable[int] | Iterable[str]) -> str:
    """`values` as a parameter of `among_given`."""
    return json.dumps(list(values), ensure_ascii=False)
