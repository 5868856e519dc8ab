"""What only SQLite needs: pragmas, locking, file modes, backup, and taking bytes off the disk."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, event
from sqlalchemy.pool import QueuePool, StaticPool

from agentmem.db import compiled
from agentmem.db.listening import Listener
from agentmem.errors import AgentMemError, Damaged, InvalidInput, Unavailable

DriverError = sqlite3.DatabaseError
Unusable = sqlite3.OperationalError
"""A `DriverError` that comes of the file, the disk or others who use it."""
BUSY_SECONDS = 30.0
WRITING: Mapping[str, Any] = {"writing": True}
"""Options of a connection that writes: it has its turn from the beginning."""
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA wal_autocheckpoint=8192",  # pages, 32 MiB: what several large writes change is written back once
    "PRAGMA cache_size=-16384",  # KiB: what hundreds of versions change fits in, and is written once
    f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}",
)
SMALLEST = 512
"""Bytes of the smallest database file; an empty file is one that was not written to yet."""
MALFORMED = "database disk image is malformed"
DAMAGED = ("malformed", "not a database")
NOT_TEXT = "Could not decode to UTF-8"
"""What the driver says of a file that is not what was written."""
TOO_LARGE = "too large to convert to SQLite INTEGER"
"""What it says of a number beyond 64 bits."""

_TELLS_PARTS = "SELECT 1 FROM pragma_compile_options WHERE compile_options = 'ENABLE_DBSTAT_VTAB'"
_PARTS = """
    SELECT coalesce(tbl_name, pages.name), pages.name, sum(pgsize)
    FROM dbstat AS pages LEFT JOIN sqlite_schema AS made ON made.name = pages.name
    GROUP BY 1, 2 ORDER BY 1, 2
"""


def path_of(url: str) -> Path | None:
    """The file of a SQLite URL; none for a bank in memory."""
    name = url.removeprefix("sqlite:///") if url != "sqlite://" else ":memory:"
    return None if name == ":memory:" else Path(name)


def is_in_memory(url: str) -> bool:
    """Whether a bank is in memory: it has one connection, for one thread at a time."""
    return url.startswith("sqlite:") and path_of(url) is None


def connect(url: str) -> Engine:
    """An engine on the file of `url`, made with mode 0600 where it is not there yet.

    Raises:
        Unavailable: the file cannot be made.
        Damaged: it is too short for a database.
        InvalidInput: there is no such path.
    """
    path = path_of(url)
    if path is not None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            size = path.stat().st_size
        except OSError as error:
            raise Unavailable(f"bank {path} cannot be made: {error.strerror}", "give another path") from error
        except ValueError as error:
            raise InvalidInput(
                f"{str(path)!r} is no path: {error}", "leave out what no path holds"
            ) from error
        if 0 < size < SMALLEST:
            raise Damaged(f"bank {path} is cut off: it has {size} bytes", "restore a backup")
        named = URL.create("sqlite", database=str(path))  # a path may hold what means something in a URL
        engine = compiled.engine(named, poolclass=QueuePool, pool_size=8, max_overflow=-1)
    else:
        # One connection for all threads; `Database` lets one at a time use it.
        memory = URL.create("sqlite")
        engine = compiled.engine(memory, poolclass=StaticPool, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        try:
            for pragma in PRAGMAS:
                connection.execute(pragma)
        except UnicodeDecodeError as error:  # SQLite quotes what it cannot read
            raise sqlite3.DatabaseError(MALFORMED) from error

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def identity(path: Path) -> tuple[int, int] | None:
    """Which file stands at `path`; none where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def in_transaction(connection: Connection) -> bool:
    """Whether SQLite is still in the transaction: some errors, as that of a full disk, end it."""
    return bool(connection.connection.driver_connection.in_transaction)  # type: ignore[union-attr]


def size(connection: Connection, path: Path | None) -> int:
    """Bytes of the files that hold the bank now."""
    return 0 if path is None else sum(file.stat().st_size for file in files(path))


def parts(connection: Connection) -> list[tuple[str, str, int]]:
    """Bytes of each table and index: the table's name, its own, how many; none where SQLite cannot tell."""
    if connection.exec_driver_sql(_TELLS_PARTS).first() is None:
        return []
    return [(table, name, size) for table, name, size in connection.exec_driver_sql(_PARTS)]


def files(path: Path) -> Iterator[Path]:
    """The files of a bank that are there."""
    for suffix in ("", "-wal", "-shm"):
        file = path.with_name(path.name + suffix)
        if file.exists():
            yield file


def backup(engine: Engine, path: Path | None, target: Path) -> None:
    """Copy a bank that is in use: SQLite's online backup, into a file of mode 0600 that appears whole.

    Raises:
        Unavailable: the copy cannot be written, or the bank not be read; nothing of the copy is left.
        InvalidInput: the bank is in memory, or `target` is no path.
    """
    if path is None:
        raise InvalidInput("a bank in memory has no file to copy", "export it instead")
    partial = target.with_name(target.name + ".partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(path)) as reading, closing(sqlite3.connect(partial)) as writing:
            reading.backup(writing)
            writing.execute("PRAGMA journal_mode=DELETE")
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise Unavailable(
            f"{path} cannot be copied to {target}: {error}", "check the paths, their rights and the disk"
        ) from error
    except ValueError as error:
        raise InvalidInput(f"{str(target)!r} is no path: {error}", "leave out what no path holds") from error


def make_alone(connection: Connection) -> None:
    """Nothing: a writer of SQLite is alone."""


def driver_errors() -> tuple[type[BaseException], ...]:
    """What the driver raises by itself, where its cursor is read."""
    return (DriverError,)


def named(url: str) -> str:
    """A URL as messages tell it."""
    return url


def told(url: str, error: BaseException | None) -> AgentMemError | None:
    """Our error for one of the driver's; none where it is a fault of ours."""
    said = str(error)
    if NOT_TEXT in said:  # first: it quotes what it could not read
        return _damaged(url, NOT_TEXT)
    if any(words in said for words in DAMAGED):
        return _damaged(url, said)
    if not isinstance(error, Unusable):
        return None
    if "locked" in said or "busy" in said:
        return Unavailable(
            f"bank {url} was locked for over {BUSY_SECONDS:.0f} s", "end the process that holds it, or retry"
        )
    if "no such" in said:  # a table or column: we ask for none that we have not made
        return Damaged(f"bank {url} lacks a part: {said}", "restore a backup")
    return Unavailable(f"bank {url} cannot be used: {said}", "check the path, its rights and the disk")


def _damaged(url: str, what: object) -> Damaged:
    return Damaged(f"bank {url} is no readable database: {what}", "restore a backup")


def hint(connection: Connection, seq: int) -> None:
    """Nothing: who reads a file learns of changes from its sequence."""


def listen(engine: Engine, told: Callable[[], object]) -> Listener | None:
    """None: nobody tells of changes of a file."""
    return None


def go_on(connection: Connection, tables: Iterable[Table]) -> None:
    """Nothing: rows are numbered on behind those that are there."""


def integrity(connection: Connection) -> list[str]:
    """What SQLite's own check finds wrong with the file; empty when nothing."""
    rows = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
    return [row for row in rows if row != "ok"]


def loose_keys(connection: Connection) -> list[str]:
    """Rows that refer to rows which are not there."""
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check")
    return [f"{table}: row {row} refers to no {parent}" for table, row, parent, _ in rows]


def scrub(engine: Engine, path: Path | None, wait_seconds: float) -> list[str]:
    """Rewrite the file without freed pages and empty the write-ahead log.

    Waits for other readers and writers up to `wait_seconds`.

    Returns:
        What could not be done, in words, and the copies beside the bank; empty when the bytes are gone.
    """
    if path is None:
        return []
    copies = sorted(file.name for file in path.parent.glob(f"{path.name}.*"))
    return [
        *_scrub(path, wait_seconds),
        *(f"{path.parent / copy}: a copy beside the bank was not touched" for copy in copies),
    ]


def _scrub(path: Path, wait_seconds: float) -> list[str]:
    deadline = time.monotonic() + wait_seconds
    connection = sqlite3.connect(path, timeout=wait_seconds, isolation_level=None)
    try:
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("PRAGMA temp_store=MEMORY")
        try:
            connection.execute("VACUUM")
        except sqlite3.DatabaseError as error:
            return [f"{path}: free pages not rewritten ({error})"]
        while True:
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if not busy:
                return []
            if time.monotonic() > deadline:
                return [f"{path}-wal: not emptied, another process is still reading an older state"]
            time.sleep(0.02)
    finally:
        connection.close()
