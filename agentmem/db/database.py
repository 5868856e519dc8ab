"""One database: reads, and writes that are gathered into one commit."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import copy_context
from pathlib import Path
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Select, bindparam, select, update
from sqlalchemy.event import listen
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from agentmem.db import schema, sqlite
from agentmem.db.dialects import dialect_of
from agentmem.db.listening import Listener
from agentmem.db.tables import counter
from agentmem.errors import AgentMemError, InvalidInput, Unavailable

T = TypeVar("T")


class Transaction:
    """A write in progress: its connection, and the numbers it hands out."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._last = self._start = _seq_of(connection, _TURN)

    def number(self) -> int:
        """The next sequence number; commit order is number order."""
        self._last += 1
        return self._last

    def finish(self) -> int | None:
        """Keep the counter.

        Returns:
            The last number that was handed out; none: none was.
        """
        if self._last == self._start:
            return None
        self.connection.execute(_COUNT, {"last": self._last})
        return self._last


class Savepoint:
    """A state of a transaction that it can return to; savepoints may stand in one another.

    SQLAlchemy's own has a name of its own each time, which is compiled each time.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        connection.exec_driver_sql("SAVEPOINT part")

    def release(self) -> None:
        """What was done since stays."""
        self._connection.exec_driver_sql("RELEASE SAVEPOINT part")

    def rollback(self) -> None:
        """What was done since is undone."""
        self._connection.exec_driver_sql("ROLLBACK TO SAVEPOINT part")
        self.release()


class _Job(Generic[T]):
    """One waiting write."""

    def __init__(self, work: Callable[[Transaction], T]) -> None:
        self._work = work
        self._context = copy_context()
        self.done = False
        self.result: T
        self.error: BaseException | None = None

    def run(self, transaction: Transaction) -> None:
        """Do it, as part of what asked for it, whichever thread does so."""
        self.result = self._context.run(self._work, transaction)


_COUNT = update(counter).where(counter.c.name == "seq").values(value=bindparam("last"))
_SEQ = select(counter.c.value, schema.STAMP).where(counter.c.name == "seq")
_TURN = _SEQ.with_for_update(of=counter)
"""Who reads it so has the turn to write until its transaction ends: SQLite's writers have it already."""


def current_seq(connection: Connection) -> int:
    """The number of the last committed change that `connection` sees.

    Raises:
        SchemaMismatch: another agentmem upgraded the bank since it was opened.
    """
    return _seq_of(connection, _SEQ)


def _seq_of(connection: Connection, asked: Select[Any]) -> int:
    found = connection.execute(asked).one()
    schema.require(found[1])
    return int(found[0])


class Database:
    """A bank's database, by URL: `sqlite:///path`, `sqlite://` for one in memory, or `postgresql+psycopg://…`.

    Safe for threads, processes and, on a server, hosts. A write inside a write is an error.

    Args:
        url: Where it is.
        prepare: Whether it is made, or brought to the newest schema.

    Attributes:
        url: Where it is, without a password.
        path: Its file; none: it has none.
        commits: How often it wrote: several writes may share a commit, and its wait for the disk.

    Raises:
        SchemaMismatch: the file is newer than this version, or no bank.
        Damaged: the file is no readable database.
    """

    def __init__(self, url: str, *, prepare: bool = True) -> None:
        self.dialect = dialect_of(url)
        self.url = self.dialect.named(url)
        self.path: Path | None = self.dialect.path_of(url)
        self.engine = self.dialect.connect(url)
        self._solo = threading.RLock() if sqlite.is_in_memory(url) else None
        self._turn = threading.Lock()
        self._writer: int | None = None
        self._waiting: deque[_Job[Any]] = deque()
        self._file: tuple[int, int] | None = None
        self._driver_errors: tuple[type[BaseException], ...] = (DBAPIError, *self.dialect.driver_errors())
        self._listener: Listener | None = None
        self._closed = False
        self.commits = 0
        listen(self.engine, "checkin", self._returned)
        if prepare:
            try:
                with self._errors():
                    schema.prepare(self.engine, self.path, self.dialect)
            except BaseException:
                self.engine.dispose()
                raise
        self._require_file()

    @property
    def is_shared(self) -> bool:
        """Whether others can open it too: one in memory is seen by nobody else."""
        return self._solo is None

    def _require_file(self) -> None:
        """Let nothing be read from, or written to, a file that nobody will find again.

        Raises:
            Unavailable: the open file is not the one at the path any more.
        """
        if self.path is None:
            return
        found = sqlite.identity(self.path)
        self._file = self._file or found
        if found is None or found != self._file:
            raise Unavailable(
                f"bank {self.url} was moved, deleted or replaced while it was open",
                "end what does so, and open the bank anew",
            )

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection on one consistent state of the database."""
        self._require_file()
        with self._solo or nullcontext(), self._errors(), self.engine.connect() as connection:
            yield connection

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in a write transaction and return its result once that is on disk.

        Whoever gets its turn runs all the writes that wait, each in a savepoint of its own, and
        commits once: many threads share one fsync, and one that fails takes no other with it.

        Raises:
            Unavailable: another process held the write lock for too long.
        """
        if self._writer == threading.get_ident():
            raise AgentMemError("a write was begun inside a write", "pass the transaction on")
        job = _Job(work)
        self._waiting.append(job)
        with self._turn:
            if not job.done:
                self._writer = threading.get_ident()
                try:
                    self._run_waiting()
                finally:
                    self._writer = None
        if job.error is not None:
            raise job.error
        return job.result

    def _run_waiting(self) -> None:
        jobs: list[_Job[Any]] = []
        while self._waiting:
            jobs.append(self._waiting.popleft())
        try:
            self._require_file()
            with (
                self._solo or nullcontext(),
                self._errors(),
                self.engine.connect().execution_options(**self.dialect.WRITING) as connection,
                connection.begin(),
            ):
                transaction = Transaction(connection)
                if len(jobs) == 1:
                    jobs[0].run(transaction)
                else:
                    for job in jobs:
                        self._run(job, transaction)
                if (last := transaction.finish()) is not None:
                    self.dialect.hint(connection, last)
            self.commits += 1
        except BaseException as error:
            for job in jobs:
                job.error = job.error or error
        finally:
            for job in jobs:
                job.done = True

    def _run(self, job: _Job[Any], transaction: Transaction) -> None:
        savepoint = Savepoint(transaction.connection)
        try:
            with self._errors():
                job.run(transaction)
        except BaseException as error:  # carried to the thread that asked
            job.error = error
            if not self.dialect.in_transaction(transaction.connection):
                raise  # a full disk ends the whole transaction: nobody's write is kept
            savepoint.rollback()
        else:
            savepoint.release()

    def listen(self, told: Callable[[], object]) -> None:
        """Call `told` soon after others wrote, from another thread, where the database tells of it."""
        if self._listener is None:
            self._listener = self.dialect.listen(self.engine, told)

    def backup(self, target: Path) -> None:
        """Copy the bank to a file that appears whole.

        Raises:
            InvalidInput: it has no file, or `target` is no path.
            Unavailable: the copy cannot be written.
        """
        self.dialect.backup(self.engine, self.path, target)

    def scrub(self, wait_seconds: float) -> list[str]:
        """Take what was erased off the disk; what could not be done, in words."""
        with self._errors():
            return self.dialect.scrub(self.engine, self.path, wait_seconds)

    def close(self) -> None:
        """Close all connections, those in use once they are not. Idle afterwards; another read opens anew."""
        self._closed = True
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        self.engine.dispose()
        self._file = None

    def _returned(self, connection: object, entry: ConnectionPoolEntry) -> None:
        """Close a connection that comes back from work that outlived the bank: its pool is gone."""
        if self._closed and self._solo is None and connection is not None:
            entry.invalidate()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn the driver's errors into ours."""
        try:
            yield
        except self._driver_errors as error:  # the driver's own, where its cursor was read
            told = self.dialect.told(self.url, error.orig if isinstance(error, DBAPIError) else error)
            if told is None:
                raise
            raise told from error
        except UnicodeEncodeError as error:
            raise InvalidInput(
                f"what is asked for holds a lone surrogate (U+{ord(error.object[error.start]):04X})",
                "decode its source as UTF-8 with errors='replace'",
            ) from error
        except OverflowError as error:
            if sqlite.TOO_LARGE not in str(error):
                raise
            raise InvalidInput("a number is larger than any that is kept", "give a smaller one") from error
