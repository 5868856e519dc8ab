"""Export and import: the journal and the specs as JSON lines; an import is a replay."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby, islice
from typing import IO, TYPE_CHECKING, Any

from pydantic import ValidationError

from agentmem.bank import journal, registry
from agentmem.bank.directory import never_written
from agentmem.bank.fold import Fold, renew, replay
from agentmem.bank.forgetting import closure, trace
from agentmem.bank.spec import MemorySpec
from agentmem.db import attached, events, names, pending, vectors
from agentmem.db.database import Transaction
from agentmem.errors import FormatError, InvalidInput
from agentmem.records import SCHEMA_VERSIONS, Event, Namespace, Value

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from agentmem.bank.bank import Bank
    from agentmem.stores.base import MemoryStore

KIND = "agentmem.export"
VERSION = 1
ESCAPED = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}
"""What some readers take for the end of a line, though JSON does not."""
RESTORE = "restore"
"""The type of the event that is the trace of what an import brought back from an archive."""
PAGE = 2_000
"""How many events are held at once."""


class LoadReport(Value):
    """What an import did, in events."""

    stored: int
    duplicates: int
    forgotten: int
    namespaces: tuple[Namespace, ...]
    not_applicable: tuple[str, ...] = ()


def export(bank: Bank, target: IO[str], namespace: Namespace | None) -> int:
    """See `Bank.export`."""
    n = 0
    with bank.database.read() as connection:
        for line in _told(connection, namespace):
            n += line["kind"] == "event"
            target.write(_written(line))
    return n


def lines(connection: Connection, namespace: Namespace) -> Iterator[str]:
    """The lines of an export of `namespace` as `connection` sees it, of changed events too."""
    return map(_written, _told(connection, namespace, unchecked=True))


def _written(line: dict[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False).translate(ESCAPED) + "\n"


def _told(
    connection: Connection, namespace: Namespace | None, *, unchecked: bool = False
) -> Iterator[dict[str, Any]]:
    if namespace is None:
        numbers = names.every(connection)
    else:
        number = names.find(connection, namespace)
        if number is None:
            raise never_written(namespace)
        numbers = {number: namespace}
    yield _header(connection)
    total = 0
    for number, one in numbers.items():
        yield _place(connection, number, one)
        after = 0
        pages = partial(
            events.journal, connection, number, states=events.STATES, limit=PAGE, unchecked=unchecked
        )
        while page := pages(after=after):
            yield from map(_event, page)
            total += len(page)
            after = page[-1].seq
        yield from _waiting(connection, number, one)
    yield {"kind": "end", "events": total}


def portion(
    connection: Connection, number: int, namespace: Namespace, chosen: Sequence[Event]
) -> Iterator[str]:
    """The lines of an export of these events alone, which are of one namespace."""
    ordered = sorted(chosen, key=lambda event: event.seq)
    yield _written(_header(connection))
    yield _written(_place(connection, number, namespace))
    yield from (_written(_event(event)) for event in ordered)
    yield from map(_written, _waiting(connection, number, namespace, [event.seq for event in ordered]))
    yield _written({"kind": "end", "events": len(ordered)})


def export_events(bank: Bank, target: IO[str], namespace: Namespace, ids: Iterable[str]) -> int:
    """See `Bank.export_events`."""
    with bank.database.read() as connection:
        number = names.find(connection, namespace)
        if number is None:
            raise never_written(namespace)
        chosen = closure(connection, number, ids)
        target.writelines(portion(connection, number, namespace, list(chosen.values())))
    return len(chosen)


def _header(connection: Connection) -> dict[str, Any]:
    schemas, embedder = dict(SCHEMA_VERSIONS), vectors.embedder_of(connection)
    return {"kind": KIND, "version": VERSION, "schemas": schemas, "embedder": embedder}


def _place(connection: Connection, number: int, namespace: Namespace) -> dict[str, Any]:
    specs = attached.specs(connection, number)
    stores = {store: json.loads(spec) for store, spec in specs.items()}
    return {"kind": "namespace", "namespace": list(namespace), "stores": stores}


def _event(event: Event) -> dict[str, Any]:
    return {"kind": "event", **event.model_dump(mode="json", exclude_defaults=True, exclude={"seq"})}


def _waiting(
    connection: Connection, number: int, namespace: Namespace, seqs: Sequence[int] = ()
) -> Iterator[dict[str, Any]]:
    for item in pending.listed(connection, [number], seqs=seqs):
        yield {
            "kind": "pending",
            "namespace": list(namespace),
            "store": item.store,
            "event_id": item.event_id,
            "state": "failed" if item.state == "failed" else "waiting",
            "error": item.error,
        }


def load(bank: Bank, source: Iterable[str], namespace: Namespace | None) -> LoadReport:
    """See `Bank.load`. All of it is kept, or nothing: a cut-off export is an error."""
    bank.library.refuse_mismatch()
    loading = _Loading(bank, namespace)

    def work(transaction: Transaction) -> LoadReport:
        return loading.run(transaction, source)

    report = bank.database.write(work)
    bank.library.embed_soon()
    return report


class _Loading:
    """One import in progress."""

    def __init__(self, bank: Bank, target: Namespace | None) -> None:
        self._bank = bank
        self._target = target
        self._seen: list[Namespace] = []
        self._counts = dict.fromkeys(("stored", "duplicate", "archived", "forgotten"), 0)
        self._not_applicable: list[str] = []
        self._stores: dict[Namespace, list[MemoryStore]] = {}
        self._exported: dict[Namespace, set[str]] = {}
        self._restored: dict[Namespace, int] = {}

    def run(self, transaction: Transaction, source: Iterable[str]) -> LoadReport:
        ended = False
        for kind, group in groupby(_parsed(source), key=lambda item: item[1]["kind"]):
            if kind == "event":
                self._events(transaction, group)
                continue
            for number, line in group:
                with _naming(number):
                    if kind == "namespace":
                        self._namespace(transaction, number, line)
                    elif kind == "pending":
                        self._pending(transaction, line)
                    elif kind == "end":
                        self._require_all(line["events"])
            ended = kind == "end"
        if not ended:
            raise FormatError(
                "the export is cut off: its last line is missing", "export again, or fetch it whole"
            )
        for namespace in self._restored:
            number = names.make(transaction.connection, namespace)
            renew(transaction, number, self._stores[namespace])
            told = {"events": self._restored[namespace]}
            trace(self._bank, transaction, number, namespace, RESTORE, told)
        return LoadReport(
            stored=self._counts["stored"],
            duplicates=self._counts["duplicate"] + self._counts["archived"],
            forgotten=self._counts["forgotten"],
            namespaces=tuple(self._seen),
            not_applicable=tuple(self._not_applicable),
        )

    def _require_all(self, told: int) -> None:
        read = sum(self._counts.values())
        if read != told:
            raise FormatError(
                f"the export holds {read} events, and says that it has {told}",
                "export again, or fetch it whole",
            )

    def _place(self, namespace: Namespace) -> Namespace:
        return namespace if self._target is None else self._target

    def _namespace(self, transaction: Transaction, line_number: int, line: dict[str, Any]) -> None:
        if self._target is not None and self._seen:
            raise InvalidInput(
                f"line {line_number}: the export holds several namespaces", "import it without naming one"
            )
        namespace = self._place(tuple(line["namespace"]))
        self._seen.append(namespace)
        self._exported[namespace] = set(line["stores"])
        number = names.make(transaction.connection, namespace)
        kept = attached.specs(transaction.connection, number)
        specs = {store: json.dumps(spec) for store, spec in line["stores"].items()} | kept
        specs.setdefault("episodic", MemorySpec(store="episodic").model_dump_json())
        stores = {
            name: registry.make(self._bank, MemorySpec.model_validate_json(spec), namespace)
            for name, spec in specs.items()
        }
        past = events.journal(transaction.connection, number, observed_only=True) if kept else []
        for name, store in stores.items():
            if name not in kept:
                attached.write(transaction.connection, number, name, specs[name], transaction.number())
                if past:
                    replay(transaction, number, store)
                    self._wait(transaction, number, store, past)
        self._stores[namespace] = list(stores.values())

    def _wait(self, transaction: Transaction, number: int, store: MemoryStore, observed: list[Event]) -> None:
        if store.interprets:
            seqs = [event.seq for event in observed if store.awaits(event)]
            pending.add(transaction.connection, number, store.shelf, seqs)

    def _events(self, transaction: Transaction, lines: Iterable[tuple[int, dict[str, Any]]]) -> None:
        for namespace, group in groupby(map(self._event, lines), key=lambda event: event.namespace):
            number = names.find(transaction.connection, namespace)
            if number is None or namespace not in self._stores:
                raise FormatError(f"events of {'/'.join(namespace)!r} stand before their namespace's line")
            folds = [
                (store, Fold(transaction, number, store, replaying=True)) for store in self._stores[namespace]
            ]
            while page := list(islice(group, PAGE)):
                drafts = [
                    journal.draft(event, namespace, self._bank.clock(), self._bank.new_id, "imported")
                    for event in self._without_archived(transaction, number, namespace, page)
                ]
                appended = journal.append(transaction, number, drafts)
                for receipt in appended.receipts:
                    self._counts[receipt.status] += 1
                for store, fold in folds:
                    self._fold(store, fold, appended.new)
                    if store.shelf not in self._exported[namespace]:  # of the others the export tells
                        live = [one for one in appended.new if one.state == "live" and not one.store]
                        self._wait(transaction, number, store, live)

    def _without_archived(
        self, transaction: Transaction, number: int, namespace: Namespace, page: list[Event]
    ) -> list[Event]:
        """The events, but for those that stand in an archive: they come back to where they were."""
        back = journal.restore(transaction, number, page)
        if back:
            self._restored[namespace] = self._restored.get(namespace, 0) + len(back)
            self._counts["stored"] += len(back)
        return [event for event in page if event.id not in back]

    def _fold(self, store: MemoryStore, fold: Fold, new: list[Event]) -> None:
        for event in new:
            is_meant = event.state == "live" and event.store in ("", store.shelf)
            if is_meant and not fold.attempt(event):
                self._not_applicable.append(event.id)
        fold.flush()

    def _event(self, item: tuple[int, dict[str, Any]]) -> Event:
        number, line = item
        try:
            event = Event.model_validate({key: value for key, value in line.items() if key != "kind"})
        except ValidationError as error:
            raise FormatError(
                f"line {number}: no event of schema {SCHEMA_VERSIONS['event']}: {error}"
            ) from error
        emptied = {"text": "", "data": {}, "actor": "", "session": "", "about": ()}
        update = {"namespace": self._place(event.namespace)} | (emptied if event.emptied else {})
        return event.model_copy(update=update)

    def _pending(self, transaction: Transaction, line: dict[str, Any]) -> None:
        number = names.make(transaction.connection, self._place(tuple(line["namespace"])))
        known = events.known(transaction.connection, number, [line["event_id"]])
        seqs = [seq for seq, _, _ in known.values()]
        pending.add(transaction.connection, number, line["store"], seqs)
        if line["state"] == "failed":
            pending.give_back(transaction.connection, line["store"], seqs, "failed", line["error"])


@contextmanager
def _naming(number: int) -> Iterator[None]:
    """Turn what a line of another form makes of the code that reads it into an error that names the line."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValidationError) as error:
        raise FormatError(
            f"line {number} is not of an export: {error}", "import what `agentmem export` wrote"
        ) from error


def _parsed(source: Iterable[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, text in enumerate(source, 1):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise FormatError(
                f"line {number} is not JSON: {error}", "import what `agentmem export` wrote"
            ) from error
        if not isinstance(line, dict) or "kind" not in line or (number == 1) != (line["kind"] == KIND):
            raise FormatError(f"line {number} is not of an export", "import what `agentmem export` wrote")
        version = line.get("version")
        if number == 1 and not (isinstance(version, int) and version <= VERSION):
            raise FormatError(
                f"the export has version {version!r}, this agentmem knows up to {VERSION}", "upgrade"
            )
        yield number, line
