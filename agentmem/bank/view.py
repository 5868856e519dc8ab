"""A read of a namespace as of a sequence number: what a store sees of the bank."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from agentmem.bank.sources import record_id
from agentmem.db import changed, damage, events, filters, links, versions
from agentmem.db.conditions import current, due_before
from agentmem.db.database import current_seq
from agentmem.db.horizon import Horizon, up_to
from agentmem.db.links import Direction
from agentmem.db.versions import Order
from agentmem.errors import InvalidInput, NotFound
from agentmem.filters import Filter, but_for_ids, parsed
from agentmem.records import Event, Link, Namespace, Record
from agentmem.telemetry import fact, is_watched, part

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from agentmem.bank.library import Library
    from agentmem.bank.shelf import Shelf
    from agentmem.embedders.base import Embedder


Reading = Callable[[], "AbstractContextManager[Connection]"]
"""Opens a connection on one state of the database."""


class View:
    """What was known in `namespace` (and, by scope, under it) up to `seen`; numbers, no open transaction.

    Attributes:
        namespace: The namespace whose memory this is.
        store: The store whose records `select`, `search`, `scan` and `due` read.
        now: The moment at which time-dependent things are computed.
    """

    def __init__(
        self,
        read: Reading,
        library: Library | None,
        namespace: Namespace,
        numbers: Sequence[int],
        store: str,
        seen: Horizon | None,
        now: datetime,
    ) -> None:
        self.namespace = namespace
        self.numbers = list(numbers)
        self.store = store
        self.now = now
        self._seen = seen
        self._read = read
        self._library = library
        self._embedder: Embedder | None = None

    @property
    def seen(self) -> Horizon:
        """Up to which number the journal is seen; where none was given, that of the first look at it."""
        if self._seen is None:
            with self._reading():
                pass
        return 0 if self._seen is None else self._seen

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._read() as connection:
            if self._seen is None:
                self._seen = current_seq(connection)
            yield connection

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Let all that is looked up within be read in one transaction, which takes less than one for each."""
        with self._reading() as connection:
            opening, self._read = self._read, lambda: nullcontext(connection)
            try:
                yield
            finally:
                self._read = opening

    def of_store(self, store: str) -> View:
        """The same view, reading another store's records."""
        return View(self._read, self._library, self.namespace, self.numbers, store, self.seen, self.now)

    def as_of(self, seq: int) -> View:
        """The same view, up to the sequence number `seq`; in `apply` too, where it begins no search."""
        return View(self._read, self._library, self.namespace, self.numbers, self.store, seq, self.now)

    def get(self, ids: Iterable[str]) -> list[Record]:
        """The current versions of `ids`, of any store, in the order asked for; unknown ids are left out."""
        wanted = list(ids)
        if not wanted:
            return []
        with self._reading() as connection:
            known = [record for _, record in versions.by_ids(connection, self.numbers, wanted, self.seen)]
        return self._in_order(wanted, known)

    def shared(self, ids: Iterable[str]) -> list[Record]:
        """What `get` gives, for less where it was read lately: others hold the same, so change nothing."""
        wanted = list(dict.fromkeys(ids))
        if self._library is None:
            return self.get(wanted)
        with self._reading() as connection:
            known = self._library.kept.by_ids(connection, self.numbers, wanted, self.seen)
        return self._in_order(wanted, known)

    def _in_order(self, ids: Sequence[str], known: list[Record]) -> list[Record]:
        """The records of `ids` in that order; of several with one id, that of this store."""
        known.sort(key=lambda record: record.store == self.store)
        found = {record.id: record for record in known}
        return [found[id] for id in dict.fromkeys(ids) if id in found]

    def row_of(self, id: str) -> int:
        """The row number of the current version of `id`.

        Raises:
            NotFound: there is none.
        """
        with self._reading() as connection:
            found = versions.by_ids(connection, self.numbers, [id], self.seen)
        if not found:
            raise NotFound(f"there is no record {id!r}", "take an id from `recall` or `select`")
        return max(found, key=lambda item: item[1].store == self.store)[0]

    def select(
        self,
        filter: Filter | str | None = None,
        order: Order = "oldest",
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Record]:
        """The store's current records that pass `filter`, whatever their state.

        Raises:
            InvalidFilter: `filter` does not parse.
        """
        where = [filters.compile(filter)] if filter is not None else []
        with self._reading() as connection:
            return versions.find(
                connection,
                self.numbers,
                self.store,
                self.seen,
                where,
                order=order,
                limit=limit,
                offset=offset,
            )

    def holding(self) -> list[Namespace]:
        """The namespaces of this view in which the store has a live record now, by their paths."""
        with self._reading() as connection:
            return versions.holding(connection, self.numbers, self.store)

    def standing(self, key: str) -> list[Record]:
        """The store's live records of `key` that have no end: the most trusted first, then the newest."""
        return self.standing_each([key])[key]

    def standing_each(self, keys: Iterable[str]) -> dict[str, list[Record]]:
        """What `standing` gives, of several keys at once."""
        found: dict[str, list[Record]] = {key: [] for key in keys}
        with self._reading() as connection:
            for record in versions.standing(connection, self.numbers, self.store, self.seen, found):
                found[record.key or ""].append(record)
        return {key: sorted(some, key=lambda record: -record.trust.rank) for key, some in found.items()}

    def retired(self, ids: Iterable[str]) -> set[str]:
        """Those of `ids` among the store's records that do not stand: corrected, retracted, faded, ended."""
        with self._reading() as connection:
            return versions.retired(connection, self.numbers, self.store, ids, self.seen)

    def pinned(self) -> list[Record]:
        """The store's live records that are pinned, by id."""
        with self._reading() as connection:
            return versions.pinned(connection, self.numbers, self.store, self.seen)

    def versions(self, ids: Iterable[str]) -> list[Record]:
        """Every version of `ids` up to this view, oldest first; forgotten ones left out."""
        with self._reading() as connection:
            found = versions.by_ids(connection, self.numbers, ids, self.seen, superseded=True)
        kept = [record for _, record in found if record.state != "forgotten"]
        return sorted(kept, key=lambda record: record.from_seq)

    def events(
        self, session: str | None = None, before: int | None = None, limit: int | None = None
    ) -> list[Event]:
        """Observations, newest first: of a session, before a sequence number, at most `limit`."""
        found: list[Event] = []
        with self._reading() as connection:
            for number in self.numbers:
                end = up_to(self.seen, number) + 1
                end = end if before is None else min(end, before)
                found += events.journal(
                    connection,
                    number,
                    before=end,
                    session=session,
                    observed_only=True,
                    newest_first=True,
                    limit=limit,
                )
        return sorted(found, key=lambda event: -event.seq)[:limit]

    def operations(
        self, about: Iterable[str] | None = None, after: int = 0, limit: int | None = None
    ) -> list[Event]:
        """Operations on the store, newest first: about any of these ids, after a sequence number."""
        ids = None if about is None else list(about)
        found: list[Event] = []
        with self._reading() as connection:
            for number in self.numbers:
                found += events.journal(
                    connection,
                    number,
                    store=self.store,
                    after=after,
                    before=up_to(self.seen, number) + 1,
                    operations_only=True,
                    about=ids,
                    newest_first=True,
                    limit=limit,
                )
        return sorted(found, key=lambda event: -event.seq)[:limit]

    def events_at(self, seqs: Iterable[int]) -> dict[int, Event]:
        """The live events with these sequence numbers, operations too: what made a version, or a link."""
        with self._reading() as connection:
            return {event.seq: event for event in events.by_seqs(connection, seqs)}

    def links(
        self,
        ids: Iterable[str],
        type: str | None = None,
        direction: Direction | None = None,
        limit: int | None = None,
    ) -> list[Link]:
        """The links from or to `ids`, in the order they were made; of one `direction`, the newest first.

        Args:
            ids: One end of the links.
            type: Their type; none: any.
            direction: `out` for links from `ids`, `in` for those to them.
            limit: The newest so many, of one direction.
        """
        with self._reading() as connection:
            if direction is None:
                return links.of(connection, self.numbers, ids, type, self.seen)
            return links.one_way(connection, self.numbers, ids, type, direction, limit, self.seen)

    def reach(
        self, ids: Iterable[str], type: str, direction: Direction = "out", depth: int | None = None
    ) -> dict[str, int]:
        """Ids reached from `ids` along links of `type`, with their distance (0: `ids` themselves)."""
        with self._reading() as connection:
            return links.reach(connection, self.numbers, ids, type, direction, depth, self.seen)

    def due(self, before: datetime) -> list[Record]:
        """The store's current live records with `due_at` before a moment, the earliest first.

        Where nothing is due, no record is read; a view of the past may have to look at many.
        """
        with self._reading() as connection:
            where, seen = due_before(before), None if self._is_of_now(connection) else self.seen
            if seen is None:
                where.append(current())
            return versions.find(connection, self.numbers, self.store, seen, where, order="due")

    def _is_of_now(self, connection: Connection) -> bool:
        """Whether the versions that stand in the database are those that this view sees."""
        return isinstance(self.seen, int) and self.seen >= current_seq(connection)

    def shelf(self) -> Shelf:
        """The store's versions with their indexes, up to date.

        Raises:
            InvalidInput: in `apply`, which must not search.
        """
        if self._library is None:
            raise InvalidInput("a search was begun in apply", "search in interpret, or look up by key or id")
        with part("refresh"):
            shelf = self._library.shelf(self.numbers, self.store)
        self._embedder = shelf.embedder
        if self._seen is None:
            self._seen = shelf.seq
        if is_watched():
            with shelf.lock:
                fact("records", int(np.count_nonzero(shelf.visible(self.seen))), of=shelf)
        return shelf

    def embed(self, text: str) -> NDArray[np.float32] | None:
        """The vector of a question, shape (d,); none without words, or where no embedder answers."""
        if self._library is None:
            raise InvalidInput("a text was embedded in apply", "embed in interpret")
        with part("embed"):
            return self._library.embed_query(text, self._embedder)

    def embed_all(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of texts by the bank's embedder, shape (n, d); zeros for one without words.

        Raises:
            InvalidInput: in `apply`, which must not embed.
            Unavailable: the embedder does not answer.
        """
        if self._library is None:
            raise InvalidInput("a text was embedded in apply", "embed in interpret")
        embedder = self._embedder or self._library.embedder
        blank = np.zeros(embedder.dimensions, np.float32)
        found = self._library.embed_queries(texts, embedder)
        return np.array([blank if one is None else one for one in found], np.float32).reshape(
            len(texts), embedder.dimensions
        )

    def passing(self, shelf: Shelf, filter: Filter | str | None) -> NDArray[np.bool_]:
        """Which slots of `shelf` are current here and pass `filter`, shape (n,); not to be changed."""
        current = shelf.visible(self.seen)
        if filter is None:
            return current
        ids, rest = but_for_ids(parsed(filter))
        allowed = np.ones(len(shelf), np.bool_)
        with self._reading() as connection:
            if rest is not None:
                where = [filters.compile(rest)]
                found = versions.rows_where(connection, self.numbers, self.store, where)
                allowed[:] = False
                allowed[self._slots(shelf, found)] = True
            if ids:  # looked up: a condition would be held against every record
                named = versions.rows_of(connection, self.numbers, self.store, ids)
                allowed[self._slots(shelf, named)] = False
        return allowed & current

    @staticmethod
    def _slots(shelf: Shelf, rows: Sequence[int]) -> NDArray[np.int64]:
        """The slots of rows; those that are not on the shelf, or came since, are left out."""
        wanted = np.asarray(rows, np.int64)
        wanted = wanted[wanted <= (shelf.column("row")[-1] if len(shelf) else -1)]
        slots = shelf.slots_of(wanted)
        found: NDArray[np.int64] = slots[shelf.column("row")[slots] == wanted]
        return found

    def load(self, rows: Sequence[int]) -> list[Record | None]:
        """The versions in `rows`; none for one that was forgotten, or made anew, since."""
        return self.load_linked(rows, None)[0]

    def load_linked(self, rows: Sequence[int], type: str | None) -> tuple[list[Record | None], list[Link]]:
        """`load`, and the links of `type` (none: no links) from and to what was loaded, as of one moment."""
        with self._reading() as connection:
            found = versions.by_rows(connection, rows)
            ids = [record.id for record in found.values()]
            edges = [] if type is None else links.of(connection, self.numbers, ids, type, self.seen)
        loaded = [found.get(row) for row in rows]
        return [None if record is None or record.state == "forgotten" else record for record in loaded], edges

    def payloads(self, rows: Sequence[int]) -> dict[int, dict[str, Any]]:
        """The payloads of the versions in `rows`, by row; for stores that keep columns of what they hold.

        A small part of the time that `load` takes; some ten thousands at a time. Rows that were forgotten,
        or made anew, since are left out.

        Raises:
            Damaged: one is not what was written.
        """
        with self._reading() as connection, damage.reading("the payloads of records"):
            return changed.payloads(connection, rows)

    def search(
        self, text: str, field: str = "text", k: int = 10, filter: Filter | str | None = None
    ) -> list[tuple[Record, float]]:
        """The `k` current live records nearest in meaning, with their cosine, best first."""
        return self.nearest(self.embed(text), field, k, filter)

    def scan(self, field: str, text: str, filter: Filter | str | None = None) -> dict[str, float]:
        """The exact cosine of every current live record that has a vector of `field`, by id."""
        return {record.id: score for record, score in self.nearest(self.embed(text), field, None, filter)}

    def nearest(
        self,
        query: NDArray[np.float32] | None,
        field: str = "text",
        k: int | None = 10,
        filter: Filter | str | None = None,
    ) -> list[tuple[Record, float]]:
        """The `k` (none: all) current live records nearest to a vector of length 1, shape (d,), best first.

        None are near to no vector.
        """
        shelf = self.shelf()
        index = shelf.fields.get(field)
        if index is None or query is None:
            return []
        with shelf.lock:
            mask = self.passing(shelf, filter) & (shelf.column("state") == 0)
            if k is None:
                slots = np.flatnonzero(mask)
                scores = index.cosines(query, slots)
                slots, scores = slots[~np.isnan(scores)], scores[~np.isnan(scores)]
            else:
                slots, scores = index.search_vectors(query, k, mask)
            rows = shelf.column("row")[slots].tolist()
        found = zip(self.load(rows), scores.tolist(), strict=True)
        return [(record, score) for record, score in found if record is not None]


class ApplyView(View):
    """The view that `apply` gets: inside the write transaction, on the latest state, without search."""

    def __init__(
        self,
        connection: Connection,
        settle: Callable[[Collection[str] | None], None],
        number: int,
        store: str,
        event: Event,
    ) -> None:
        super().__init__(self._inside, None, event.namespace, [number], store, event.seq, event.happened)
        self._connection = connection
        self._settle = settle
        self._asked: Collection[str] | None = None
        self._event = event
        self._ordinal = 0

    @contextmanager
    def _inside(self) -> Iterator[Connection]:
        self._settle(self._asked)
        yield self._connection

    def _is_of_now(self, connection: Connection) -> bool:
        return True

    def get(self, ids: Iterable[str]) -> list[Record]:
        """See `View.get`. Other records may wait to be written meanwhile."""
        wanted = list(ids)
        self._asked = frozenset(wanted)
        try:
            return super().get(wanted)
        finally:
            self._asked = None

    def new_id(self) -> str:
        """The id of the next record made from this event: the same in every replay."""
        self._ordinal += 1
        return record_id(self._event.id, self.store, self._ordinal - 1)
