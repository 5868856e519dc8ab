"""Bare SQLite as a limit: the rows that agentmem writes and reads, through `sqlite3` and nothing else."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from agentmem.db.sqlite import PRAGMAS

VERSION = sqlite3.sqlite_version
OWNERS = {"event": "seq", "record": "event_seq", "source": "row", "field": "row", "reference": "seq"}
"""Tables that an event adds rows to, and the column that says whose they are."""
SHARED = ("meta", "namespace", "attached", "counter")
"""Tables that are there before the first event."""


@dataclass
class Rows:
    """What one event left in a bank: (table, values) in the order in which they may be inserted."""

    seq: int
    rows: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)

    @property
    def bytes(self) -> bytes:
        """All values in one string of bytes."""
        told = [
            [value if not isinstance(value, bytes) else value.hex() for value in row] for _, row in self.rows
        ]
        return json.dumps(told, ensure_ascii=False).encode()


def rows_of(bank: Path) -> list[Rows]:
    """The rows of each event of a bank, in the order of the events; each event has one record at most."""
    with closing(sqlite3.connect(bank)) as connection:
        found = {seq: Rows(seq) for (seq,) in connection.execute("SELECT seq FROM event ORDER BY seq")}
        event_of = dict(connection.execute("SELECT row, event_seq FROM record WHERE event_seq IS NOT NULL"))
        for table, owner in OWNERS.items():
            cursor = connection.execute(f"SELECT * FROM {table}")
            place = [column[0] for column in cursor.description].index(owner)
            for row in cursor:
                seq = event_of.get(row[place]) if owner == "row" else row[place]
                if seq in found:
                    found[seq].rows.append((table, row))
    return list(found.values())


class SameRows:
    """A file with the tables and indexes of a bank, into which rows are inserted, a transaction an event.

    Args:
        path: The file, made anew.
        bank: The bank whose tables they are.
    """

    def __init__(self, path: Path, bank: Path) -> None:
        path.unlink(missing_ok=True)
        self._connection = _connect(path)
        with closing(sqlite3.connect(bank)) as source:
            schema = source.execute(
                "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
            ).fetchall()
            for (statement,) in sorted(schema, key=lambda row: not row[0].startswith("CREATE TABLE")):
                self._connection.execute(statement)
            for table in SHARED:
                for row in source.execute(f"SELECT * FROM {table}"):
                    self._insert(table, row)

    def write(self, event: Rows) -> None:
        """Insert the rows of an event and commit."""
        self._connection.execute("BEGIN IMMEDIATE")
        for table, row in event.rows:
            self._insert(table, row)
        self._connection.execute("UPDATE counter SET value = ? WHERE name = 'seq'", (event.seq,))
        self._connection.execute("COMMIT")

    def _insert(self, table: str, row: Sequence[Any]) -> None:
        self._connection.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class OneRow:
    """A file with one table and no index but its key: a row an event, all its bytes in one column."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._connection = _connect(path)
        self._connection.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)")

    def write(self, event: Rows) -> None:
        """Insert one row and commit."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("INSERT INTO kept VALUES (?, ?)", (event.seq, event.bytes))
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class KeyedTexts:
    """A table of texts and vectors by number, for rows by primary key."""

    def __init__(self, path: Path) -> None:
        self._connection = _connect(path)
        self._connection.execute(
            "CREATE TABLE kept (id INTEGER PRIMARY KEY, text TEXT NOT NULL, vector BLOB NOT NULL)"
        )

    def add(self, first: int, texts: Sequence[str], vectors: Sequence[bytes]) -> None:
        """Insert rows `first` and so on, in one transaction."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(
            "INSERT INTO kept VALUES (?, ?, ?)",
            zip(range(first, first + len(texts)), texts, vectors, strict=True),
        )
        self._connection.execute("COMMIT")

    def load(self, ids: Sequence[int]) -> list[tuple[int, str]]:
        """The texts of `ids`."""
        marks = ",".join("?" * len(ids))
        return self._connection.execute(f"SELECT id, text FROM kept WHERE id IN ({marks})", ids).fetchall()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


@dataclass(frozen=True)
class Read:
    """What a bank's texts and vectors are: their bytes, and how long bare SQLite takes to read them all."""

    text_bytes: int
    vector_bytes: int
    seconds: float


def read_all(bank: Path) -> Read:
    """Read every text of an event and every vector."""
    with closing(sqlite3.connect(bank)) as connection:
        began = perf_counter()
        texts = sum(len(text.encode()) for text in _column(connection, "SELECT text FROM event"))
        vectors = sum(len(data) for data in _column(connection, "SELECT data FROM vector"))
        return Read(texts, vectors, perf_counter() - began)


def _column(connection: sqlite3.Connection, statement: str) -> Iterator[Any]:
    return (row[0] for row in connection.execute(statement))


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    return connection
