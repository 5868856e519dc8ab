"""Archives: events leave the bank for a file. An import of the file brings them back to where they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from pydantic import JsonValue

from agentmem.bank import exchange, forgetting
from agentmem.bank.directory import never_written
from agentmem.bank.forgetting import ErasureReport
from agentmem.db import events, names, sizes
from agentmem.errors import InvalidInput, NotFound, Unavailable
from agentmem.files import write_new
from agentmem.records import Namespace

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from agentmem.bank.bank import Bank
    from agentmem.db.database import Transaction

ARCHIVE = "archive"
"""The type of the event that is the trace of an archiving."""
Choose = Callable[["Connection", int], Sequence[str]]
"""Ids of the events of a namespace, by its number, that are to leave."""


def archive(
    bank: Bank, namespace: Namespace, target: Path, *, before: datetime | None, session: str | None
) -> ErasureReport:
    """See `Bank.archive`."""
    if before is None and session is None:
        raise InvalidInput(
            "nothing is named to archive", "give a time before which it was recorded, or a session"
        )

    def choose(connection: Connection, number: int) -> Sequence[str]:
        chosen = set(events.ids_of(connection, number, session)) if session is not None else None
        if chosen is not None and not chosen:
            raise NotFound(f"there is no session {session!r} in this namespace")
        if before is None:
            return sorted(chosen or ())
        older = sizes.beyond(connection, number, recorded_before=before, most_events=None, most_bytes=None)
        return [id for id in older if chosen is None or id in chosen]

    return move_out(bank, namespace, choose, ARCHIVE, lambda: target)


def move_out(
    bank: Bank,
    namespace: Namespace,
    choose: Choose,
    trace: str,
    target: Callable[[], Path] | None = None,
    *,
    why: str = "",
) -> ErasureReport:
    """Let events leave, with all that they caused, in one transaction; first they are on disk at `target`.

    Without a target they are forgotten.

    Args:
        bank: The bank.
        namespace: Where.
        choose: Which events; asked in the transaction.
        trace: The type of the trace that is left.
        target: The path of the archive; asked where there is something to write.
        why: The reason, for the trace.

    Raises:
        NotFound: nothing was ever written to the namespace.
        Conflict: the file is there already; nothing leaves.
        Unavailable: the file cannot be written; nothing leaves.
    """
    if not bank.numbers(namespace):
        raise never_written(namespace)
    stores = {store.shelf: store for store in bank.attached(namespace)}

    def work(transaction: Transaction) -> ErasureReport:
        connection = transaction.connection
        number = names.make(connection, namespace)
        states = (events.LIVE, events.QUARANTINED)
        gone = forgetting.closure(connection, number, choose(connection, number), states)
        if not gone:
            return ErasureReport(events=(), operations=(), records=0, vectors=0)
        file = target() if target is not None else None
        if file is not None:
            lines = exchange.portion(connection, number, namespace, list(gone.values()))
            _write(file, lambda opened: opened.writelines(lines))
        with _kept_if_done(file):
            state = events.FORGOTTEN if file is None else events.ARCHIVED
            report = forgetting.take_out(transaction, number, gone, stores, state)
            told: dict[str, JsonValue] = {**report.counted()}
            told |= {} if file is None else {"file": file.name}
            told |= {"why": why} if why else {}
            forgetting.trace(bank, transaction, number, namespace, trace, told)
        return report.model_copy(update={"archive": None if file is None else str(file)})

    return forgetting.done(bank, bank.database.write(work))


@contextmanager
def _kept_if_done(file: Path | None) -> Iterator[None]:
    """Take the archive away where its events stay: it would be a copy that no `forget` reaches.

    Not so where the commit fails: whoever sees that cannot know whether the events have left.
    """
    try:
        yield
    except BaseException:
        if file is not None:
            file.unlink(missing_ok=True)
        raise


def _write(file: Path, write: Callable[[IO[str]], object]) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_new(file, write)
    except OSError as error:
        raise Unavailable(
            f"the archive {file} cannot be written: {error}", "check the path, its rights and the disk"
        ) from error
