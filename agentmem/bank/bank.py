"""The bank: one database, one embedder, the indexes; it owns transactions, and stores stand on it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from agentmem import bulk
from agentmem.bank import (
    archiving,
    audit,
    backup,
    derive,
    exchange,
    forgetting,
    journal,
    observing,
    reembedding,
    registry,
    repair,
    retention,
    reviewing,
    scanning,
)
from agentmem.bank.blobs import Blobs
from agentmem.bank.directory import Directory, never_written
from agentmem.bank.fold import renew
from agentmem.bank.library import Library
from agentmem.bank.models import Models
from agentmem.bank.place import url_of
from agentmem.bank.sources import Clock, NewId, UuidV7, system_clock
from agentmem.bank.spec import MemorySpec
from agentmem.bank.stats import Growth, Stats, growth, stats
from agentmem.bank.view import View
from agentmem.bank.worker import Worker
from agentmem.bulk import Spread
from agentmem.config import Settings
from agentmem.db import events, names, pending, records, sqlite, versions
from agentmem.db.database import Database, Transaction
from agentmem.db.horizon import Horizon
from agentmem.errors import InvalidInput, NotFound
from agentmem.records import Event, Namespace, Pending, Receipt, Record, Trust, clean_namespace
from agentmem.telemetry import operation, watch

if TYPE_CHECKING:
    from types import TracebackType

    from agentmem.embedders.base import Embedder
    from agentmem.models.base import ChatModel
    from agentmem.stores.base import MemoryStore


MEGABYTE = 1_000_000
EMBED_AFTER_SECONDS = 0.05


class Bank:
    """The substrate of all memory. Safe for threads; several processes may use one file.

    Args:
        database: Where it is kept: a path, or a SQLAlchemy URL (`sqlite://` keeps it in memory).
        embedder: An embedder; none opens the one that the settings name, on first use.
        model: The language model that stores are given; none: the one that they or the settings name.
        settings: Settings; none reads environment and agentmem.toml.
        clock: Tells the time, timezone-aware.
        new_id: Makes ids of events.

    Raises:
        SchemaMismatch: the file was written by a newer agentmem, or is no bank.
        Damaged: the file is no readable database.
    """

    def __init__(
        self,
        database: str | Path | None = None,
        *,
        embedder: Embedder | None = None,
        model: ChatModel | None = None,
        settings: Settings | None = None,
        clock: Clock = system_clock,
        new_id: NewId | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.database = Database(url_of(database if database is not None else self.settings.db))
        self.clock = clock
        self.new_id = new_id or UuidV7()
        self._embedder = embedder
        self.library = Library(
            self.database, lambda: embedder or self._open_embedder(), self.settings.cache_mb * MEGABYTE
        )
        self.models = Models(self, model)
        self._directory = Directory(self.database)
        self._stores: dict[tuple[Namespace, str], MemoryStore] = {}
        self._attached: dict[Namespace, dict[str, MemoryStore]] = {}
        self._lock = threading.RLock()
        self._worker = Worker()
        watch(self)

    def _open_embedder(self) -> Embedder:
        from agentmem.embedders import open_embedder

        return open_embedder(self.settings)

    def __enter__(self) -> Bank:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database. Derivations that still run in the background keep their events pending."""
        self._worker.close()
        self.library.close()
        self.database.close()

    @property
    def closed(self) -> bool:
        """Whether `close` was called: what still runs in the background writes nothing more."""
        return self._worker.closed

    @property
    def place(self) -> Hashable:
        """Where it is: the same for two banks on one database."""
        return self.database.url if self.database.is_shared else id(self)

    # Stores

    def store(
        self, spec: MemorySpec | str | type[MemoryStore] = "episodic", namespace: Namespace = ("default",)
    ) -> MemoryStore:
        """The store of `spec` (a spec, a name, or a store's class) over `namespace`; attached on first use.

        A store attached late starts from the beginning of the journal. Where no options are named, it has
        those with which it is attached.

        Raises:
            NotFound: no store of that name is installed.
            InvalidInput: it is attached with other options.
        """
        wanted = registry.spec_of(spec)
        key = (clean_namespace(namespace), wanted.model_dump_json())
        with self._lock:
            if key not in self._stores:
                made = self.make_store(wanted, namespace)
                for part in made.folding():
                    observing.attach(self, part, key[0])
                self._stores[key] = made
            return self._stores[key]

    def make_store(self, spec: MemorySpec, namespace: Namespace) -> MemoryStore:
        """The store of `spec`, as `store` gives it, neither attached nor cached: to be read only."""
        return registry.make(self, observing.as_attached(self, spec, namespace), namespace)

    def attached(self, namespace: Namespace) -> list[MemoryStore]:
        """The stores that fold what is observed in `namespace`; the episodic one first."""
        return list(self.attached_by_name(namespace).values())

    def attached_by_name(self, namespace: Namespace) -> dict[str, MemoryStore]:
        """The attached stores by the name under which they are kept."""
        episodic = self.store("episodic", namespace)
        kept = observing.attached_specs(self, namespace)
        found = {"episodic": episodic} | {name: self.store(spec, namespace) for name, spec in kept.items()}
        self._attached[namespace] = found
        return found

    def attached_lately(self, namespace: Namespace) -> dict[str, MemoryStore]:
        """What `attached_by_name` said last: whoever writes by it makes sure that it still holds."""
        return self._attached.get(namespace) or self.attached_by_name(namespace)

    def chat_model(self, namespace: Namespace, store: str, name: str | None = None) -> ChatModel:
        """The language model for a store of a namespace: the bank's own, else `name`, else the settings'.

        Raises:
            Unavailable: none is configured, or a package that it needs is not installed.
            InvalidInput: no model has this name, or its price is not known where a budget of money is set.
            NotFound: its file is not there.
        """
        return self.models.chat(namespace, store, name)

    # Writing

    def number(self, transaction: Transaction, namespace: Namespace) -> int:
        """The number of `namespace` in the database, made where it is new."""
        known = self._directory.remembered(namespace)
        return names.make(transaction.connection, namespace) if known is None else known

    def draft(self, event: Event, namespace: Namespace) -> journal.Draft:
        """`event`, complete and screened, for an append."""
        if event.state != "live":
            raise InvalidInput(f"event {event.id!r} says that it is {event.state}", "leave its state out")
        return journal.draft(
            event,
            namespace,
            self.clock(),
            self.new_id,
            self.settings.screen,
            quarantine=self.settings.quarantine,
        )

    def append(
        self, namespace: Namespace, observed: Sequence[Event], *, wait: bool = True, embed: bool = True
    ) -> list[Receipt]:
        """Append events to the journal of `namespace`, and let every attached store make of them what it can.

        When this returns the events are on disk and can be recalled. With `wait=False` stores that
        interpret do so in the background; with `embed=False` vectors are made before the next search.

        Raises:
            Conflict: an id is known with another content; nothing of the call is kept.
            NotApplicable: an operation is about an id that no longer stands; nothing is kept.
            EmbedderMismatch: the bank's vectors were made by another embedder; nothing is kept.
        """
        return observing.observe(self, namespace, observed, wait=wait, embed=embed)

    def in_background(self, work: Callable[[], object]) -> None:
        """Have `work` done in the bank's one background thread."""
        self._worker.submit(work)

    def embed_later(self) -> None:
        """Make the vectors that are missing in the background; a search before that makes them itself.

        A moment later, so that what is said next shares the call of the embedder, and whoever wrote goes on.
        """
        self._worker.submit_once(self.library.embed_soon, EMBED_AFTER_SECONDS)

    def settle(self, timeout_seconds: float = 60.0) -> bool:
        """Wait for what `observe(wait=False)` left to the background; whether it ended in time."""
        return self._worker.drain(timeout_seconds)

    # Reading

    def told_namespace(self, namespace: Namespace) -> str | None:
        """`namespace` as spans and logs name it, where the settings let them."""
        return names.encode(namespace) if self.settings.telemetry_namespace else None

    def numbers(self, namespace: Namespace, scope: str = "own") -> list[int]:
        """The numbers of `namespace`, and with scope `prefix` of those under it; it may be none."""
        return self._directory.under(namespace) if scope == "prefix" else self._directory.own(namespace)

    def view(
        self,
        namespace: Namespace,
        *,
        store: str = "episodic",
        scope: str = "own",
        known_at: datetime | None = None,
        at: datetime | None = None,
    ) -> View:
        """A read of `namespace` as of now, or as it was known at `known_at`."""
        numbers = self.numbers(namespace, scope)
        seen: Horizon | None = None
        if known_at is not None:
            with self.database.read() as connection:
                by_namespace = events.seqs_at(connection, numbers, known_at)
            seen = by_namespace[numbers[0]] if len(numbers) == 1 else by_namespace
        now = at or known_at or self.clock()
        return View(self.database.read, self.library, namespace, numbers, store, seen, now)

    def blobs(self, owner: str) -> Blobs:
        """Bytes by key outside the journal, of whoever calls itself `owner`: caches, byte stores."""
        return Blobs(self.database, owner, self.clock)

    def events(self, namespace: Namespace, ids: Iterable[str]) -> list[Event]:
        """The events of `ids` in the journal of `namespace`, forgotten ones emptied; no unknown ones."""
        numbers = self.numbers(namespace)
        with self.database.read() as connection:
            return [event for number in numbers for event in events.by_ids(connection, number, ids)]

    def namespaces(self, prefix: Namespace | None = None) -> list[Namespace]:
        """All namespaces that were ever written to, or those at and under `prefix`."""
        with self.database.read() as connection:
            return list(names.every(connection, prefix).values())

    def changes(self, namespace: Namespace, *, after: int = 0, limit: int = 100) -> list[Record]:
        """The versions by which records left recall (superseded, retracted, faded), newest first."""
        numbers = self.numbers(namespace)
        with self.database.read() as connection:
            return [
                one for number in numbers for one in versions.retirements(connection, number, after, limit)
            ]

    def undo(self, namespace: Namespace, id: str, why: str = "", *, trust: Trust = Trust.USER) -> Receipt:
        """Let a record that left recall, as `changes` lists it, stand again: see `MemoryStore.undo`.

        Raises:
            NotFound: there is no such record.
            NotApplicable: it stands, so that there is nothing to undo.
            Refused: what retired it is trusted more than `trust`.
        """
        if not self.numbers(namespace):
            raise never_written(namespace)
        return self.store("episodic", namespace).undo(id, why, trust=trust)

    def pending(self, namespace: Namespace | None = None, store: str | None = None) -> list[Pending]:
        """What stores have not interpreted yet, of a namespace or of all."""
        numbers = None if namespace is None else self.numbers(namespace)
        with self.database.read() as connection:
            return pending.listed(connection, numbers, store)

    def waiting(self) -> dict[tuple[str, str], int]:
        """How many events are pending in the whole bank, by store and state."""
        with self.database.read() as connection:
            return pending.counts(connection)

    def retry(self, namespace: Namespace, store: str | None = None) -> list[Pending]:
        """Interpret anew what failed, and what waits; what is still pending afterwards."""
        number = next(iter(self.numbers(namespace)), None)
        if number is not None:
            self.database.write(lambda transaction: pending.revive(transaction.connection, number, store))
            for attached_store in self.attached(namespace):
                if store in (None, attached_store.shelf):
                    derive.again(self, namespace, attached_store)
        return self.pending(namespace, store)

    # Care

    def rebuild(self, namespace: Namespace, store: str | None = None) -> dict[str, int]:
        """Make the records of the attached stores (or one) anew from the journal; how many each holds."""
        known = self.attached(namespace) if self.numbers(namespace) else []
        stores = [one for one in known if store in (None, one.shelf)]
        if not stores:
            raise NotFound(
                f"store {store!r} is not attached to {'/'.join(namespace)!r}", "see `agentmem stats`"
            )

        def work(transaction: Transaction) -> dict[str, int]:
            connection = transaction.connection
            number = names.make(connection, namespace)
            renew(transaction, number, stores)
            counts = records.count(connection, [number])
            return {
                one.shelf: sum(n for (name, _), n in counts.items() if name == one.shelf) for one in stores
            }

        with operation("rebuild", store=store, namespace=self.told_namespace(namespace)):
            held = self.database.write(work)
            self.library.embed_soon()
        return held

    def forget(
        self,
        namespace: Namespace,
        *,
        records: Iterable[str] = (),
        events: Iterable[str] = (),
        session: str | None = None,
        everything: bool = False,
    ) -> forgetting.ErasureReport:
        """Forget events for good, with what was derived from them alone; in force when this returns.

        Args:
            namespace: Where.
            records: Ids of records: the events they came from are forgotten.
            events: Ids of events.
            session: All events of a session.
            everything: All events of the namespace.

        Raises:
            NotFound: an id is not there.
        """
        with operation("forget", namespace=self.told_namespace(namespace)) as work:
            report = forgetting.forget(
                self, namespace, records=records, events=events, session=session, everything=everything
            )
            work.set(events=len(report.events), records=report.records, vectors=report.vectors)
        return report

    def archive(
        self,
        namespace: Namespace,
        target: Path,
        *,
        before: datetime | None = None,
        session: str | None = None,
    ) -> forgetting.ErasureReport:
        """Move events to a new file, with what they caused: out of recall, and back by `load` of the file.

        Args:
            namespace: Where.
            target: The file: an export. Nothing leaves before it is on disk.
            before: Observations that were recorded before.
            session: Of this session alone.

        Raises:
            InvalidInput: neither is given.
            NotFound: nothing was ever written to the namespace, or no such session.
            Conflict: the file is there already.
            Unavailable: the file cannot be written.
        """
        return archiving.archive(self, namespace, target, before=before, session=session)

    def retain(self, namespace: Namespace, rule: retention.Retention | None) -> None:
        """Set what a namespace, and those under it without a rule of their own, keeps; none: everything.

        Nothing leaves before a `sweep`.

        Raises:
            InvalidInput: the rule has no limit.
        """
        retention.retain(self, namespace, rule)

    def retentions(self) -> dict[Namespace, retention.Retention]:
        """The rules, by the namespace that each was given to."""
        return retention.retentions(self)

    def sweep(self, prefix: Namespace | None = None, *, dry_run: bool = False) -> list[retention.Swept]:
        """Let what is beyond the rules leave, in all namespaces or those at and under `prefix`.

        With `dry_run` it is only counted. `scrub` then takes what left off the disk.

        Raises:
            SweepStopped: something failed, such as the writing of an archive (what it would hold stays); the
                error tells what had left before.
        """
        return retention.sweep(self, prefix, dry_run=dry_run)

    def quarantined(
        self, namespace: Namespace, *, scope: str = "own", after: int = 0, limit: int | None = None
    ) -> list[reviewing.Suspect]:
        """What is kept, and is in no store until it is reviewed, since it looks like an instruction.

        The first of it, at most `limit`, of what came `after` the number of an event.

        Raises:
            InvalidInput: the limit is less than 1.
        """
        return reviewing.quarantined(self, namespace, scope=scope, after=after, limit=limit)

    def approve(self, namespace: Namespace, ids: Iterable[str], why: str = "") -> reviewing.Review:
        """Let quarantined events into the stores, in their places, with those that are there for them alone.

        Raises:
            NotFound: one is not quarantined here.
        """
        return reviewing.approve(self, namespace, list(ids), why)

    def reject(self, namespace: Namespace, ids: Iterable[str], why: str = "") -> forgetting.ErasureReport:
        """Forget quarantined events for good, with what they caused.

        Raises:
            NotFound: one is not quarantined here.
        """
        return reviewing.reject(self, namespace, list(ids), why)

    def audit(
        self, namespace: Namespace, *, scope: str = "own", before: int | None = None, limit: int = 100
    ) -> list[audit.AuditEntry]:
        """Corrections and erasures, newest first; `before` the number of one, what came before it.

        Raises:
            InvalidInput: the limit is below 1.
        """
        return audit.audit(self, namespace, scope=scope, before=before, limit=limit)

    def scan(self, namespace: Namespace | None = None, *, fix: bool = False) -> scanning.ScanReport:
        """Find credentials that were stored before the screen was on, in a namespace or in all.

        With `fix` they are masked as the screen would have done, in the events and in all that was made
        of them; `scrub` then takes them off the disk. A retry of such an event is a duplicate still.

        Raises:
            NotFound: nothing was ever written to the namespace.
        """
        with operation("scan", fix=fix) as work:
            report = scanning.scan(self, namespace, fix=fix)
            work.set(events=len(report.found), records=report.records, vectors=report.vectors)
        return report

    def scrub(self, wait_seconds: float = 10.0) -> list[str]:
        """Take what was forgotten off the disk; what could not be reached, in words."""
        with operation("scrub") as work:
            left = forgetting.scrub(self, wait_seconds)
            work.set(not_reached=len(left))
        return left

    def verify(self, *, repair_found: bool = False) -> list[str]:
        """Check that journal, records, links, vectors and indexes agree; each disagreement in words."""
        return repair.verify(self, repair_found=repair_found)

    def embed(self, progress: reembedding.Progress | None = None, spread: Spread = bulk.in_process) -> int:
        """Make the vectors that are missing, which else are made before the next search; of how many texts.

        Args:
            progress: Told how many texts are done since the last call, and how many wait.
            spread: Who embeds: this process, or workers (`agentmem.bulk.spread`).

        Raises:
            EmbedderMismatch: the bank's vectors are made by another embedder.
            Unavailable: the embedder, or the workers, cannot be reached; what is done is kept.
        """
        return reembedding.embed(self, progress, spread)

    def reembed(
        self,
        embedder: Embedder,
        progress: reembedding.Progress | None = None,
        spread: Spread = bulk.in_process,
    ) -> reembedding.ReembedReport:
        """Have all vectors made anew by another embedder, which is the bank's from then on.

        Until all are made, the old ones serve, also other processes. A run that was broken off goes on
        where it was. Who has the bank open with the old embedder is told by an `EmbedderMismatch` at the
        next recall or observation. Run with the embedder that the bank has, it only clears what a run for
        another one left behind.

        Args:
            embedder: The new one; this bank, where it is open, uses it from the switch on.
            progress: Told how many texts are done since the last call, and how many there are.
            spread: Who embeds: this process, or workers (`agentmem.bulk.spread`).

        Raises:
            Unavailable: the embedder, or the workers, cannot be reached; what is done is kept.
        """
        with operation("reembed", embedder=embedder.name) as work:
            report = reembedding.reembed(self, embedder, progress, spread)
            work.set(texts=report.texts)
        return report

    def export(self, target: IO[str], namespace: Namespace | None = None) -> int:
        """Write the journal and the specs (of one namespace) as JSON lines; how many events."""
        return exchange.export(self, target, namespace)

    def export_events(self, target: IO[str], namespace: Namespace, ids: Iterable[str]) -> int:
        """Write an export of these events of a namespace alone, with what they caused; how many events.

        Raises:
            NotFound: nothing was ever written to the namespace.
        """
        return exchange.export_events(self, target, namespace, ids)

    def load(self, source: Iterable[str], namespace: Namespace | None = None) -> exchange.LoadReport:
        """Read an export (into `namespace`, where it holds one) and replay it.

        Raises:
            FormatError: a line is not of an export.
        """
        return exchange.load(self, source, namespace)

    def backup(self, target: Path) -> Path:
        """Copy the bank, while it is in use, to a new file.

        Raises:
            Conflict: the file is there already.
        """
        return backup.backup(self, target)

    def fork(self, target: Path) -> Bank:
        """A second bank that starts from this one's state and goes its own way."""
        return Bank(
            backup.backup(self, target),
            embedder=self.library.opened_embedder or self._embedder,
            model=self.models.given,
            settings=self.settings,
            clock=self.clock,
            new_id=self.new_id,
        )

    def stats(self, namespace: Namespace | None = None) -> Stats:
        """Counts and sizes of the bank, or of one namespace.

        Raises:
            NotFound: nothing was ever written to the namespace.
        """
        return stats(self, namespace)

    def growth(self, namespace: Namespace | None = None) -> list[Growth]:
        """How much is held of what was recorded on each day; of a whole bank also what each namespace holds.

        Raises:
            NotFound: nothing was ever written to the namespace.
        """
        return growth(self, namespace)

    def files(self) -> Iterator[Path]:
        """The files that hold the bank now."""
        if self.database.path is not None:
            yield from sqlite.files(self.database.path)
