"""A bank moved to another database: a file to a server, a server to a file, or either to its own kind."""

from __future__ import annotations

from collections.abc import Callable

from agentmem.bank.place import url_of
from agentmem.db import copying
from agentmem.db.database import Database
from agentmem.records import Text, Value
from agentmem.telemetry import operation

Watch = Callable[[str, int, int], None]
"""Called with what is done, how much of it since the last call, and how much there is."""


class Migration(Value):
    """What was copied.

    Attributes:
        source: From where, without a password.
        target: Where to, without a password.
        rows: How many rows, by table.
        seq: The number of the last change, of both.
    """

    source: Text
    target: Text
    rows: dict[Text, int]
    seq: int


def _unwatched(what: str, done: int, count: int) -> None:
    """Show nothing."""


def migrate(source: str, target: str, watch: Watch = _unwatched) -> Migration:
    """Copy a bank as it is to a database that holds nothing, row for row, and compare both.

    Killed, it goes on where it was when it is called again; nothing is to be written to the source meanwhile.
    The source stays as it is.

    Args:
        source: A path or URL.
        target: Another one.
        watch: Is told how far it is.

    Raises:
        Conflict: the target is a bank already.
        SchemaMismatch: one of both holds something else.
        Unavailable: one of both cannot be used.
        Damaged: what was written is not what was read.
    """
    here, there = Database(url_of(source)), Database(url_of(target), prepare=False)
    try:
        with operation("migrate") as work:
            copied = copying.copy(here, there, watch)
            work.set(rows=sum(copied.rows.values()))
    finally:
        here.close()
        there.close()
    return Migration(source=here.url, target=there.url, rows=copied.rows, seq=copied.seq)
