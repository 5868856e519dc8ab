"""Many rows into a table at once, as the driver takes them: plain tuples, for which nothing is converted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table, insert


def fill(connection: Connection, table: Table, rows: Iterable[tuple[Any, ...]], columns: int) -> None:
    """Insert `rows` into `table`, each with the values of its last `columns` columns, in their order.

    Values are those that the driver takes: numbers, strings, bytes, truth values, None. To bind names for
    each row takes longer than to insert it.
    """
    given = list(rows)
    if given:
        connection.exec_driver_sql(_statement(table, columns, connection.dialect), given)


_BY_POSITION: Mapping[str, Any] = {"sqlite": "qmark", "postgresql": "format"}
"""How drivers take values by position."""


def _by_position(dialect: Dialect) -> Dialect:
    make: Callable[..., Dialect] = type(dialect)
    return make(paramstyle=_BY_POSITION[dialect.name])


@lru_cache(maxsize=64)
def _statement(table: Table, columns: int, dialect: Dialect) -> str:
    return str(
        insert(table).compile(
            dialect=_by_position(dialect),
            column_keys=table.c.keys()[-columns:],
        )
    )
