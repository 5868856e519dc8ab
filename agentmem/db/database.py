"""One database: reads, and writes that are gathered into one commit."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.exc import DatabaseError

from agentmem.db import schema, sqlite
from agentmem.db.tables import counter
from agentmem.errors import AgentMemError, Damaged, InvalidInput, Unavailable

T = TypeVar("T")


class Transaction:
    """A write in progress: its connection, and the numbers it hands out."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._last = self._start = current_seq(connection)

    def number(self) -> int:
        """The next sequence number; commit order is number order."""
        self._last += 1
        return self._last

    def finish(self) -> None:
        """Keep the counter."""
        if self._last != self._start:
            self.connection.execute(_COUNT, {"last": self._last})


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
        self.work = work
        self.done = False
        self.result: T
        self.error: BaseException | None = None


_COUNT = update(counter).where(counter.c.name == "seq").values(value=bindparam("last"))
_SEQ = select(counter.c.value).where(counter.c.name == "seq")


def current_seq(connection: Connection) -> int:
    """The number of the last committed change that `connection` sees."""
    return int(connection.execute(_SEQ).scalar_one())


class Database:
    """A bank's database, by URL: `sqlite:///path`, or `sqlite://` for one in memory.

    Safe for threads and processes. A write inside a write is an error.

    Attributes:
        commits: How often it wrote: several writes may share a commit, and its wait for the disk.

    Raises:
        SchemaMismatch: the file is newer than this version, or no bank.
        Damaged: the file is no readable database.
    """

    def __init__(self, url: str) -> None:
        if not url.startswith("sqlite:"):
            raise InvalidInput(
                f"database {url!r} is of a kind not supported yet", "give a path, or sqlite:///path"
            )
        self.url = url
        self.path: Path | None = sqlite.path_of(url)
        self.engine = sqlite.connect(url)
        self._solo = threading.RLock() if self.path is None else None
        self._turn = threading.Lock()
        self._writer: int | None = None
        self._waiting: deque[_Job[Any]] = deque()
        self._file: tuple[int, int] | None = None
        self.commits = 0
        with _errors(url):
            schema.prepare(self.engine, self.path)
        self._require_file()

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
        with self._solo or nullcontext(), _errors(self.url), self.engine.connect() as connection:
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
                _errors(self.url),
                self.engine.connect().execution_options(writing=True) as connection,
                connection.begin(),
            ):
                transaction = Transaction(connection)
                if len(jobs) == 1:
                    jobs[0].result = jobs[0].work(transaction)
                else:
                    for job in jobs:
                        self._run(job, transaction)
                transaction.finish()
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
            with _errors(self.url):
                job.result = job.work(transaction)
        except BaseException as error:  # carried to the thread that asked
            job.error = error
            if not sqlite.in_transaction(transaction.connection):
                raise  # a full disk ends the whole transaction: nobody's write is kept
            savepoint.rollback()
        else:
            savepoint.release()

    def close(self) -> None:
        """Close all connections. Idle afterwards; another read opens anew."""
        self.engine.dispose()
        self._file = None


@contextmanager
def _errors(url: str) -> Iterator[None]:
    """Turn the driver's errors into ours."""
    try:
        yield
    except (DatabaseError, sqlite.DriverError) as error:  # the driver's own, where its cursor was read
        told = _told(url, error.orig if isinstance(error, DatabaseError) else error)
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


def _told(url: str, error: BaseException | None) -> AgentMemError | None:
    """Our error for one of the driver's; none where it is a fault of ours."""
    said = str(error)
    if sqlite.NOT_TEXT in said:  # first: it quotes what it could not read
        return _damaged(url, sqlite.NOT_TEXT)
    if any(words in said for words in sqlite.DAMAGED):
        return _damaged(url, said)
    if not isinstance(error, sqlite.Unusable):
        return None
    if "locked" in said or "busy" in said:
        return Unavailable(
            f"bank {url} was locked for over {sqlite.BUSY_SECONDS:.0f} s",
            "end the process that holds it, or retry",
        )
    if "no such" in said:  # a table or column: we ask for none that we have not made
        return Damaged(f"bank {url} lacks a part: {said}", "restore a backup")
    return Unavailable(f"bank {url} cannot be used: {said}", "check the path, its rights and the disk")


def _damaged(url: str, what: object) -> Damaged:
    return Damaged(f"bank {url} is no readable database: {what}", "restore a backup")
