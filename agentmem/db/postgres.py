"""What only PostgreSQL needs: connections, isolation, errors, and what a server keeps of what was erased."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, event, func, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from agentmem.db import compiled
from agentmem.db.listening import CHANNEL, Listener
from agentmem.db.tables import metadata
from agentmem.errors import AgentMemError, Damaged, InvalidInput, Unavailable
from agentmem.extras import needed

LOCK_SECONDS = 30.0
"""How long a write waits for its turn."""
POOL, MORE = 8, 24
"""Connections that stay open, and how many more there may be at once."""
WRITING: Mapping[str, Any] = {"isolation_level": "READ COMMITTED"}
"""Options of a connection that writes: what was committed before its turn came is seen."""
MAKING = 0x61676D656D
"""The lock under which tables are made: a number of our own, "agmem"."""
_SESSION = (
    f"SET lock_timeout = {int(LOCK_SECONDS * 1000)}",
    "SET synchronous_commit = on",
    "SET standard_conforming_strings = on",
)
_HINT = text("SELECT pg_notify(:channel, :seq)")
_PARTS = """
    SELECT made.relname, made.relname, pg_table_size(made.oid) FROM pg_class AS made
    WHERE made.relkind = 'r' AND made.relnamespace = current_schema()::regnamespace
    UNION ALL
    SELECT made.relname, own.relname, pg_relation_size(own.oid) FROM pg_index
    JOIN pg_class AS own ON own.oid = indexrelid JOIN pg_class AS made ON made.oid = indrelid
    WHERE made.relnamespace = current_schema()::regnamespace
    ORDER BY 1, 2
"""
_DAMAGED = {"XX001", "XX002"}  # data_corrupted, index_corrupted
_TOO_MUCH = {
    "22003": ("a number is larger than any that is kept", "give a smaller one"),
    "54000": (
        "a name, key or id is longer than an index of the server takes",
        "give one of 800 bytes at most",
    ),
}
"""Error and remedy for numeric_value_out_of_range and program_limit_exceeded."""
_NO_TEXT = {"22021", "22P05"}  # character_not_in_repertoire, untranslatable_character
_WAITED = {"55P03"}  # lock_not_available
_STOPPED = {"57014"}  # query_canceled
_LACKS = {"42P01", "42703"}  # undefined_table, undefined_column
_NO_RIGHT = {"42501"}  # insufficient_privilege
_NO_ROOM = {"53100", "53200", "53300"}  # disk_full, out_of_memory, too_many_connections


def named(url: str) -> str:
    """A URL as messages tell it: without its password.

    Raises:
        InvalidInput: it is none.
    """
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError as error:
        raise InvalidInput(
            "the URL of the database is none", "give postgresql+psycopg://HOST/NAME"
        ) from error


def path_of(url: str) -> Path | None:
    """None: a bank on a server is no file."""
    return None


def connect(url: str) -> Engine:
    """An engine on the database of `url`; a connection is made when it is needed.

    Raises:
        InvalidInput: it is no URL of a database.
        Unavailable: the driver is not installed.
    """
    with needed(f"the bank {named(url)}", "postgres"):
        engine = compiled.engine(
            _driven(make_url(url)),
            isolation_level="REPEATABLE READ",  # a read sees one state, whoever writes meanwhile
            pool_size=POOL,
            max_overflow=MORE,
            pool_pre_ping=True,
        )

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _: Any) -> None:
        before, connection.autocommit = connection.autocommit, True
        for setting in _SESSION:
            connection.execute(setting)
        connection.autocommit = before

    return engine


def _driven(url: URL) -> URL:
    """A URL with our driver."""
    if url.drivername not in ("postgresql", "postgresql+psycopg"):
        raise InvalidInput(f"driver {url.drivername!r} is not supported", "give postgresql+psycopg://…")
    if not url.database:
        raise InvalidInput(
            f"{url.render_as_string()} names no database", "give postgresql+psycopg://HOST/NAME"
        )
    return url.set(drivername="postgresql+psycopg")


def make_alone(connection: Connection) -> None:
    """Wait until nobody else makes tables, and let nobody until this transaction ends."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MAKING})


def in_transaction(connection: Connection) -> bool:
    """Whether the connection is still in its transaction: a server that went away ends it."""
    status = connection.connection.driver_connection.info.transaction_status  # type: ignore[union-attr]
    return bool(status.name in ("INTRANS", "INERROR"))


def driver_errors() -> tuple[type[BaseException], ...]:
    """What the driver raises by itself, where its cursor is read."""
    import psycopg

    return (psycopg.Error,)


def told(url: str, error: BaseException | None) -> AgentMemError | None:
    """Our error for one of the driver's; none where it is a fault of ours."""
    import psycopg

    name, said = url, " ".join(str(error).split())
    state = getattr(error, "sqlstate", None) or ""
    if state in _DAMAGED:
        return Damaged(f"bank {name} is damaged: {said}", "restore a backup of the server")
    if state in _TOO_MUCH:
        return InvalidInput(*_TOO_MUCH[state])
    if state in _NO_TEXT or isinstance(error, psycopg.DataError):
        return InvalidInput(f"what is asked for is no text that is kept: {said}", "leave it out")
    if state in _WAITED:
        return Unavailable(
            f"bank {name} was locked for over {LOCK_SECONDS:.0f} s", "end the process that holds it, or retry"
        )
    if state in _STOPPED:
        return Unavailable(f"bank {name} stopped what was asked: {said}", "retry, or raise statement_timeout")
    if state in _LACKS:
        return Damaged(f"bank {name} lacks a part: {said}", "restore a backup of the server")
    if state in _NO_RIGHT or state in _NO_ROOM or isinstance(error, psycopg.OperationalError):
        return Unavailable(
            f"bank {name} cannot be used: {said}", "check the URL, the server, its rights and its disk"
        )
    return None


def hint(connection: Connection, seq: int) -> None:
    """Tell all who listen of a change, once it is committed."""
    connection.execute(_HINT, {"channel": CHANNEL, "seq": str(seq)})


def listen(engine: Engine, told: Callable[[], object]) -> Listener | None:
    """Call back when others committed something; see `Listener`."""
    return Listener(engine, told)


def go_on(connection: Connection, tables: Iterable[Table]) -> None:
    """Let rows that are added be numbered on behind those that are there."""
    for table in tables:
        for column in table.primary_key.columns:
            if table.autoincrement_column is column:
                last = connection.execute(select(func.max(column))).scalar()
                if last is not None:
                    serial = func.pg_get_serial_sequence(table.name, column.name)
                    connection.execute(select(func.setval(serial, last)))


def integrity(connection: Connection) -> list[str]:
    """Nothing: a server checks its pages itself."""
    return []


def loose_keys(connection: Connection) -> list[str]:
    """Nothing: a server lets no row refer to one that is not there."""
    return []


def size(connection: Connection, path: Path | None) -> int:
    """Bytes of the database on the server."""
    return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def parts(connection: Connection) -> list[tuple[str, str, int]]:
    """Bytes of each table and index: the table's name, its own, and how many."""
    return [(table, name, size) for table, name, size in connection.exec_driver_sql(_PARTS)]


def scrub(engine: Engine, path: Path | None, wait_seconds: float) -> list[str]:
    """Rewrite our tables without what was erased; waits for others who use them, up to `wait_seconds` each.

    Returns:
        What could not be done, in words, and what a server keeps besides.
    """
    name, left = named(str(engine.url)), []
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"SET lock_timeout = {max(1, int(wait_seconds * 1000))}")
        rewrites = {one.name: f'VACUUM (FULL, ANALYZE) "{one.name}"' for one in metadata.sorted_tables}
        samples = connection.exec_driver_sql("SHOW is_superuser").scalar_one() == "on"
        if samples:  # of what tables hold
            rewrites["pg_statistic"] = "VACUUM (FULL) pg_catalog.pg_statistic"
        for table, rewrite in rewrites.items():
            try:
                connection.exec_driver_sql(rewrite)
            except DBAPIError as error:
                left.append(f"{name}, table {table}: not rewritten ({_first_line(error.orig)})")
        if not samples:
            left.append(f"{name}: samples in the server's statistics go with its next vacuum of them")
        connection.exec_driver_sql(f"SET lock_timeout = {int(LOCK_SECONDS * 1000)}")
    return [
        *left,
        f"{name}: the server's write-ahead log, logs, archives, replicas and backups were not touched",
    ]


def backup(engine: Engine, path: Path | None, target: Path) -> None:
    """Refuse: a server is copied by its own tools.

    Raises:
        InvalidInput: always.
    """
    raise InvalidInput(
        f"{named(str(engine.url))} is on a server, which is copied by its own tools",
        f"use pg_dump, or copy the bank: agentmem migrate FROM_URL {target}",
    )


def _first_line(error: object) -> str:
    return str(error).partition("\n")[0]
