"""The bank's caches: a shelf per scope and store, vectors of questions, and vectors still to be made."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agentmem.bank.shelf import Shelf
from agentmem.db import vectors
from agentmem.embedders.checked import Broken, parts_of, vectors_of
from agentmem.errors import AgentMemError, EmbedderMismatch, InvalidInput, NetworkForbidden, Unavailable

if TYPE_CHECKING:
    from agentmem.db.database import Database, Transaction
    from agentmem.embedders.base import Embedder

log = logging.getLogger(__name__)

Made = dict[bytes, NDArray[np.float32]]
EMBED_AT_ONCE = 128
QUESTIONS_KEPT = 256


class Library:
    """Shelves by (scope, store), made on first use; safe for threads."""

    def __init__(self, database: Database, open_embedder: Callable[[], Embedder]) -> None:
        self._database = database
        self._open_embedder = open_embedder
        self._embedder: Embedder | None = None
        self._lock = threading.RLock()
        self._shelves: dict[tuple[tuple[int, ...], str], Shelf] = {}
        self._questions: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

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
        with self._lock:
            return list(self._shelves.values())

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
                self._embedder = embedder
            return self._embedder

    def _check(self, embedder: Embedder) -> None:
        with self._database.read() as connection:
            kept = vectors.embedder_of(connection)
        if kept is None:
            kept = self._database.write(
                lambda transaction: vectors.claim_embedder(transaction.connection, embedder.name)
            )
        if kept != embedder.name:
            raise EmbedderMismatch(
                f"the bank's vectors were made by {kept!r}, the embedder that is open is {embedder.name!r}",
                f"open the bank with {kept!r}, or export it and import it into a new bank",
            )

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
            log.info("the embedder cannot be opened now: %s", error)

    def shelf(self, numbers: Sequence[int], store: str) -> Shelf:
        """The shelf of `store` in the namespaces `numbers`, up to date, every text with its vector."""
        key = (tuple(numbers), store)
        with self._lock:
            shelf = self._shelves.get(key)
            if shelf is None:
                shelf = self._new_shelf(key)
        self._refresh(shelf)
        if shelf.is_waiting:
            try:
                self.embed_waiting()
            except Unavailable as error:
                log.warning("recall goes on by text alone for some records: %s", error)
            self._refresh(shelf)
        return shelf

    def _new_shelf(self, key: tuple[tuple[int, ...], str]) -> Shelf:
        try:
            self._shelves[key] = Shelf(*key, *self.embedder_key)
        except Unavailable as error:
            log.warning("recall goes on by text alone: %s", error)
            return Shelf(*key, "", 1)
        return self._shelves[key]

    def _refresh(self, shelf: Shelf) -> None:
        # In this order, as searches lock: a bank in memory has one connection, and that is a lock too.
        with shelf.lock, self._database.read() as connection:
            shelf.refresh(connection)

    def embed_waiting(self, progress: Callable[[int], None] | None = None) -> int:
        """Make the vectors that are missing, in batches outside any transaction; how many texts.

        Raises:
            Unavailable: the embedder cannot be reached; what is done is kept.
        """
        name = self.embedder.name
        done = 0
        while True:
            with self._database.read() as connection:
                texts = vectors.waiting(connection, EMBED_AT_ONCE)
                kept = vectors.having(connection, name, texts)
            if not texts:
                return done
            made = self._embed_each({digest: text for digest, text in texts.items() if digest not in kept})

            def work(transaction: Transaction, made: Made = made, kept: set[bytes] = kept) -> None:
                vectors.write(transaction.connection, name, made)
                vectors.settle(transaction.connection, kept)

            self._database.write(work)
            done += len(texts)
            if progress is not None:
                progress(len(texts))

    def embed_soon(self) -> None:
        """Make the vectors that are missing; one that cannot be made now is made before a later search."""
        try:
            self.embed_waiting()
        except Exception as error:  # what was written stays written: its receipt must not be lost
            log.warning("new records are found by text alone for now: %s", error)

    def _embed_each(self, texts: dict[bytes, str]) -> Made:
        """Vectors of all texts that the embedder can take: one that it cannot stands in no other's way.

        A text that it refuses has no vector for good; one at which it breaks goes on waiting.

        Raises:
            Unavailable: it can take none of them now.
        """
        try:
            return self._embed(texts)
        except Broken:
            if len(texts) == 1:
                raise
        except (Unavailable, NetworkForbidden):
            raise
        except InvalidInput as error:
            if len(texts) == 1:
                log.warning("a text has no vector, and is found by its words alone: %s", error)
                return {digest: np.zeros((0, self.embedder.dimensions), np.float32) for digest in texts}
        made: Made = {}
        broken: Unavailable | None = None
        for digest, text in texts.items():
            try:
                made |= self._embed_each({digest: text})
            except Unavailable as error:
                broken = error
        if broken is not None and not made:
            raise broken
        return made

    def _embed(self, texts: dict[bytes, str]) -> Made:
        parts = parts_of(self.embedder, list(texts.values()))
        flat = vectors_of(self.embedder, [part for some in parts for part in some])
        made: Made = {}
        start = 0
        for digest, some in zip(texts, parts, strict=True):
            made[digest] = flat[start : start + len(some)]
            start += len(some)
        return made

    def embed_query(self, text: str) -> NDArray[np.float32] | None:
        """The vector of a question, shape (d,): the mean of its parts; none where it has no words."""
        with self._lock:
            kept = self._questions.get(text)
            if kept is not None:
                self._questions.move_to_end(text)
                return kept
        try:
            parts = parts_of(self.embedder, [text])[0]
            if not parts:
                return None
            mean = vectors_of(self.embedder, parts).mean(axis=0)
        except Unavailable as error:
            log.warning("recall goes on by text alone: %s", error)
            return None
        vector: NDArray[np.float32] = (mean / max(float(np.linalg.norm(mean)), 1e-12)).astype(np.float32)
        with self._lock:
            self._questions[text] = vector
            if len(self._questions) > QUESTIONS_KEPT:
                self._questions.popitem(last=False)
        return vector

    def forget_questions(self) -> None:
        """Drop the vectors of past questions."""
        with self._lock:
            self._questions.clear()

    def drop_shelves(self) -> None:
        """Drop all shelves; they are built anew when they are needed."""
        with self._lock:
            self._shelves.clear()
