"""Statements are compiled once a process, not once a bank: its engines share what was made of them.

SQLAlchemy keeps compiled statements by dialect, and gives each engine a dialect of its own. Those here are
one key wherever they would compile a statement alike, so that opening a second bank compiles nothing anew.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

MOST = 2000
"""Statements that are kept; those used longest ago go first."""

_OURS = {"sqlite": "sqlite+agentmem", "postgresql": "postgresql+agentmem"}
_COMPILED = LRUCache[Any, Any](MOST)


def engine(url: URL, **options: Any) -> Engine:
    """An engine on the database of `url`, with options of `create_engine`."""
    ours = url.set(drivername=_OURS[url.get_backend_name()])
    made = create_engine(ours, execution_options={"compiled_cache": _COMPILED}, **options)
    made.url = url
    return made


class OnSQLite(SQLiteDialect_pysqlite):
    """Python's own driver."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OnSQLite)

    def __hash__(self) -> int:
        return hash(OnSQLite)


class OnPostgreSQL(PGDialect_psycopg):
    """psycopg; servers of two versions share nothing."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OnPostgreSQL) and other.server_version_info == self.server_version_info

    def __hash__(self) -> int:
        return hash(OnPostgreSQL)


registry.register("sqlite.agentmem", __name__, OnSQLite.__name__)
registry.register("postgresql.agentmem", __name__, OnPostgreSQL.__name__)
