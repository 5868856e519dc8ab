"""Many rows into a table at once, as the driver takes them: plain tuples, for which nothing is converted."""

from __future__ import annotations

from collections.abc import Iterable
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


@lru_cache(maxsize=64)
def _statement(table: Table, columns: int, dialect: Dialect) -> str:
    # SQLite's driver takes values by position; PostgreSQL's takes them by name.
    return str(insert(table).compile(dialect=dialect, column_keys=table.c.keys()[-columns:]))
