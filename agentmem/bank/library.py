"""The bank's caches: a shelf per scope and store, vectors of questions, and vectors still to be made."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from agentmem.bank.embedding import AT_ONCE, Made, embed_each
from agentmem.bank.kept import Kept
from agentmem.bank.shelf import Shelf
from agentmem.bank.shelves import Key, Shelves
from agentmem.db import vectors
from agentmem.db.database import current_seq
from agentmem.embedders.checked import parts_of, vectors_of
from agentmem.errors import AgentMemError, EmbedderMismatch, Unavailable
from agentmem.logs import fields, in_log, logger
from agentmem.telemetry import fact, operation

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from agentmem.db.database import Database, Transaction
    from agentmem.embedders.base import Embedder

log = logger(__name__)

QUESTIONS_KEPT = 256
DERIVED_KEPT = 32
"""Results of stores that are kept: one a memory that was read lately."""
Computed = TypeVar("Computed")


class Library:
    """Shelves by (scope, store), made on first use; safe for threads.

    Args:
        database: What they are caches of.
        open_embedder: Opens the embedder, on first use.
        most: Bytes that the shelves may hold.
    """

    def __init__(self, database: Database, open_embedder: Callable[[], Embedder], most: int) -> None:
        self._database = database
        self._open_embedder = open_embedder
        self._embedder: Embedder | None = None
        self._accepted: tuple[str, ...] = ()
        self._lock = threading.RLock()
        self._making = threading.Lock()
        self._warming: threading.Thread | None = None
        self._shelves = Shelves(most)
        self.kept = Kept()
        self._derived: OrderedDict[Hashable, Any] = OrderedDict()
        self._questions: OrderedDict[tuple[str, str], NDArray[np.float32]] = OrderedDict()

    @property
    def opened_embedder(self) -> Embedder | None:
        """The embedder, where it is open already."""
        return self._embedder

    @property
    def embedder_key(self) -> tuple[str, int]:
        """Name and dimensions of the embedder."""
        return self.embedder.name, self.embedder.dimensions

    @property
    def shelves(self) -> list[Shelf]:
        """The shelves that are open."""
        return self._shelves.all

    @property
    def embedder(self) -> Embedder:
        """The bank's embedder, opened on first use.

        Raises:
            EmbedderMismatch: the bank's vectors were made by another one.
        """
        with self._lock:
            if self._embedder is None:
                embedder = self._open_embedder()
                self._check(embedder)
                self._embedder, self._accepted = embedder, (embedder.name,)
            return self._embedder

    def _check(self, embedder: Embedder) -> None:
        with self._database.read() as connection:
            kept = vectors.embedder_of(connection)
        if kept is None:
            kept = self._database.write(
                lambda transaction: vectors.claim_embedder(transaction.connection, embedder.name)
            )
        if kept != embedder.name:
            raise _mismatch(kept, embedder.name)

    def accepts(self, connection: Connection) -> bool:
        """Whether the bank still holds the vectors of the embedder that is open, if one is."""
        return not self._accepted or vectors.embedder_of(connection) in self._accepted

    def refuse_other(self, connection: Connection) -> None:
        """Go on where `accepts`: another process may have let the bank be embedded anew.

        Raises:
            EmbedderMismatch: it does not.
        """
        if not self.accepts(connection):
            raise _mismatch(vectors.embedder_of(connection), self._accepted[0])

    def switch(self, embedder: Embedder, switched: Callable[[Transaction, str], bool]) -> bool:
        """Let the bank be that of `embedder` from now on, where `switched` writes so; whether it did.

        Whoever searches meanwhile does so by the old vectors, with a question embedded by the old embedder.
        """
        with self._lock:
            before = self._accepted
            self._accepted = (*before, embedder.name) if before else ()
            try:
                is_switched = self._database.write(lambda transaction: switched(transaction, embedder.name))
                if is_switched:
                    self._embedder, before = embedder, (embedder.name,)
                    self.drop_shelves()
            finally:
                self._accepted = before
        return is_switched

    def warm(self) -> None:
        """Load a local embedder's model in another thread, while the bank is read for the first question."""
        self._warming = threading.Thread(target=self._warm, name="agentmem-warm", daemon=True)
        self._warming.start()

    def _warm(self) -> None:
        try:
            if (load := getattr(self.embedder, "load", None)) is not None:
                load()
        except Exception as error:  # whoever needs the embedder is told
            log.debug("the embedder could not be loaded ahead: %s", in_log(error), extra=fields(error))

    def refuse_mismatch(self) -> None:
        """Open the embedder where that can be done, so that a wrong one is known before anything is written.

        Raises:
            EmbedderMismatch: the bank's vectors were made by another one.
        """
        try:
            _ = self.embedder
        except EmbedderMismatch:
            raise
        except AgentMemError as error:
            log.info("the embedder cannot be opened now: %s", in_log(error), extra=fields(error))

    def shelf(self, numbers: Sequence[int], store: str) -> Shelf:
        """The shelf of `store` in the namespaces `numbers`, up to date, every text with its vector."""
        key = (tuple(numbers), store)
        try:
            with self._lock:
                shelf = self._shelves.get(key, partial(self._new_shelf, key))
        except Unavailable as error:
            self._warn("recall goes on by text alone", error, store=store)
            shelf = Shelf(*key, "", 1)
        before = shelf.seq
        self._refresh(shelf)
        if before < 0:
            fact("built", 1, of=shelf)
        if waited := shelf.is_waiting:
            try:
                self.embed_waiting()
            except Unavailable as error:
                self._warn("recall goes on by text alone for some records", error, store=store)
            self._refresh(shelf)
        if shelf.seq != before or waited:
            self._shelves.weigh(key, shelf)
        return shelf

    def _new_shelf(self, key: Key) -> Shelf:
        shelf = Shelf(*key, *self.embedder_key)
        shelf.embedder = self.embedder
        self._database.listen(self.catch_up)
        return shelf

    def catch_up(self) -> None:
        """Bring the shelves that are open up to date, so that the next search need not."""
        for shelf in self.shelves:
            self._refresh(shelf)

    def _refresh(self, shelf: Shelf) -> None:
        try:
            self._follow(shelf)
        except EmbedderMismatch:
            self._follow(shelf)  # the state that was read may have been older than a switch made here

    def _follow(self, shelf: Shelf) -> None:
        # In this order, as searches lock: a bank in memory has one connection, and that is a lock too.
        with shelf.lock, self._database.read() as connection:
            seq = current_seq(connection)
            if shelf.seq != seq:
                self.refuse_other(connection)
            shelf.refresh(connection, seq)

    def embed_waiting(
        self, progress: Callable[[int], None] | None = None, stopped: Callable[[], bool] | None = None
    ) -> int:
        """Make the vectors that are missing, in batches outside any transaction; how many texts.

        Args:
            progress: Told of each batch.
            stopped: Asked after each batch whether the others are to wait.

        Raises:
            Unavailable: the embedder cannot be reached; what is done is kept.
            EmbedderMismatch: the bank's vectors are made by another one by now.
        """
        done = 0
        while True:
            with self._making:  # whoever comes meanwhile finds them made
                count = self._make_some()
            if count == 0:
                return done
            if count is not None:
                done += count
                if progress is not None:
                    progress(count)
            if stopped is not None and stopped():
                return done

    def _make_some(self) -> int | None:
        """Make some of the missing vectors; for how many texts. None: the bank wants others by now."""
        embedder = self.embedder
        with self._database.read() as connection:
            texts = vectors.waiting(connection, AT_ONCE)
            kept = vectors.having(connection, embedder.name, texts)
        if not texts:
            return 0
        with operation("embed_records", embedder=embedder.name, texts=len(texts)):
            made = embed_each(
                embedder, {digest: text for digest, text in texts.items() if digest not in kept}
            )
            is_kept = self._keep(embedder, made, kept)
        if is_kept:
            return len(texts)
        self._refuse_replaced(embedder)
        return None

    def _keep(self, embedder: Embedder, made: Made, kept: set[bytes]) -> bool:
        """Write vectors that are made, and settle those that there are; whether the bank still wants them."""

        def work(transaction: Transaction) -> bool:
            if vectors.embedder_of(transaction.connection) != embedder.name:
                return False
            vectors.write(transaction.connection, embedder.name, made)
            vectors.settle(transaction.connection, kept)
            return True

        return self._database.write(work)

    def _refuse_replaced(self, embedder: Embedder) -> None:
        with self._lock:  # which is free once a switch in this process is over
            if self._embedder is embedder:
                self._check(embedder)

    def embed_soon(self, stopped: Callable[[], bool] | None = None) -> None:
        """Make the vectors that are missing; one that cannot be made now is made before a later search."""
        try:
            self.embed_waiting(stopped=stopped)
        except Exception as error:  # what was written stays written: its receipt must not be lost
            self._warn("new records are found by text alone for now", error)

    def _warn(self, what: str, error: Exception, **extra: str) -> None:
        log.warning("%s: %s", what, in_log(error), extra={**extra, **fields(error)})

    def embed_query(self, text: str, embedder: Embedder | None = None) -> NDArray[np.float32] | None:
        """The vector of a question, shape (d,): the mean of its parts; none where it has no words.

        Args:
            text: The question.
            embedder: That of the shelf on which it is to be searched; none: the bank's.
        """
        try:
            return self.embed_queries([text], embedder or self.embedder)[0]
        except Unavailable as error:
            self._warn("recall goes on by text alone", error)
            return None

    def embed_queries(self, texts: Sequence[str], embedder: Embedder) -> list[NDArray[np.float32] | None]:
        """The vectors of questions, in one call of the embedder; see `embed_query`.

        Raises:
            Unavailable: the embedder does not answer.
        """
        with self._lock:
            known = {text: kept for text in texts if (kept := self._kept(embedder, text)) is not None}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        parts = parts_of(embedder, new) if new else []
        flat = [part for each in parts for part in each]
        made = iter(vectors_of(embedder, flat) if flat else ())
        for text, each in zip(new, parts, strict=True):
            if each:
                mean = np.mean([next(made) for _ in each], axis=0)
                known[text] = (mean / max(float(np.linalg.norm(mean)), 1e-12)).astype(np.float32)
        with self._lock:
            for text in new:
                if text in known:
                    self._questions[(embedder.name, text)] = known[text]
            while len(self._questions) > QUESTIONS_KEPT:
                self._questions.popitem(last=False)
        return [known.get(text) for text in texts]

    def _kept(self, embedder: Embedder, text: str) -> NDArray[np.float32] | None:
        key = (embedder.name, text)
        kept = self._questions.get(key)
        if kept is not None:
            self._questions.move_to_end(key)
        return kept

    def derived(self, key: Hashable, make: Callable[[], Computed]) -> Computed:
        """What a store computed of what it reads: kept until something is erased, made where it is not."""
        with self._lock:
            found: Computed = self._derived[key] if key in self._derived else make()
            self._derived[key] = found
            self._derived.move_to_end(key)
            while len(self._derived) > DERIVED_KEPT:
                self._derived.popitem(last=False)
            return found

    def forget_past(self) -> None:
        """Drop the vectors of past questions, and what was read or computed: of what is erased, too."""
        with self._lock:
            self._questions.clear()
            self._derived.clear()
        self.kept.clear()

    def close(self) -> None:
        """Drop what is held, and wait for a model that is being loaded: a process must not end meanwhile."""
        if self._warming is not None:
            self._warming.join()
        self.drop_shelves()

    def drop_shelves(self) -> None:
        """Drop all shelves, and what was read; they are built anew when they are needed."""
        self._shelves.clear()
        self.forget_past()


def _mismatch(kept: str | None, opened: str) -> EmbedderMismatch:
    return EmbedderMismatch(
        f"the bank's vectors were made by {kept!r}, the embedder that is open is {opened!r}",
        f"open the bank with {kept!r}, or have its vectors made anew by `agentmem reembed`",
    )
