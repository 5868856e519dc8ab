"""Which database a URL is of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Table

from agentmem.db import postgres, sqlite
from agentmem.db.listening import Listener
from agentmem.errors import AgentMemError, InvalidInput


class Dialect(Protocol):
    """What databases do each in their own way; a module each."""

    WRITING: Mapping[str, Any]

    def named(self, url: str, /) -> str:
        """A URL as messages tell it: without a password."""
        ...

    def path_of(self, url: str, /) -> Path | None:
        """The file; none where there is none."""
        ...

    def connect(self, url: str, /) -> Engine:
        """An engine."""
        ...

    def make_alone(self, connection: Connection, /) -> None:
        """Let nobody else make tables until the transaction ends."""
        ...

    def in_transaction(self, connection: Connection, /) -> bool:
        """Whether the transaction goes on after an error."""
        ...

    def driver_errors(self) -> tuple[type[BaseException], ...]:
        """What the driver raises by itself."""
        ...

    def told(self, url: str, error: BaseException | None, /) -> AgentMemError | None:
        """Our error for one of the driver's; none where it is a fault of ours."""
        ...

    def hint(self, connection: Connection, seq: int, /) -> None:
        """Tell all who listen of a change, once it is committed."""
        ...

    def listen(self, engine: Engine, told: Callable[[], object], /) -> Listener | None:
        """Call back when others committed something; none where nobody tells."""
        ...

    def go_on(self, connection: Connection, tables: Iterable[Table], /) -> None:
        """Let rows that are added be numbered on behind those that are there."""
        ...

    def integrity(self, connection: Connection, /) -> list[str]:
        """What the database's own check finds wrong."""
        ...

    def loose_keys(self, connection: Connection, /) -> list[str]:
        """Rows that refer to rows which are not there."""
        ...

    def size(self, connection: Connection, path: Path | None, /) -> int:
        """Bytes that it takes."""
        ...

    def parts(self, connection: Connection, /) -> list[tuple[str, str, int]]:
        """Bytes of each table and index: the table's name, its own, and how many."""
        ...

    def backup(self, engine: Engine, path: Path | None, target: Path, /) -> None:
        """Copy it to a file, where it can be."""
        ...

    def scrub(self, engine: Engine, path: Path | None, wait_seconds: float, /) -> list[str]:
        """Take what was erased off the disk; what could not be done, in words."""
        ...


def dialect_of(url: str) -> Dialect:
    """The dialect of a URL.

    Raises:
        InvalidInput: it is of none that is supported.
    """
    kind = url.partition(":")[0].partition("+")[0]
    if kind == "sqlite":
        return sqlite
    if kind == "postgresql":
        return postgres
    raise InvalidInput(
        f"database {kind!r} is of a kind not supported",
        "give a path, sqlite:///PATH or postgresql+psycopg://HOST/NAME",
    )
