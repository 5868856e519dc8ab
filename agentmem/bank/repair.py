"""Verify: do journal, records, links, vectors and indexes agree? And mend what does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agentmem.bank import exchange
from agentmem.bank.shelf import COLUMNS, Shelf
from agentmem.db import attached, checks, events, names, pending, vectors, versions
from agentmem.db.database import current_seq
from agentmem.errors import AgentMemError, Damaged

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from agentmem.bank.bank import Bank
    from agentmem.records import Namespace

SHOWN = 5
"""How many single disagreements of one kind are named before the rest is counted."""
REPLAYED_AT_ONCE = 20_000
"""How many events a bank of replays may hold before another one is taken: it is in memory."""

Contents = dict[str, dict[str, Any]]


@dataclass
class Findings:
    """What disagrees, in words, and what a repair has to do about it.

    Attributes:
        told: Each disagreement.
        loose: Content hashes of vectors that must go.
        unmade: Content hashes of texts whose vectors must be made (again).
        wrong: Stores whose records must be made anew.
    """

    told: list[str] = field(default_factory=list)
    loose: set[bytes] = field(default_factory=set)
    unmade: set[bytes] = field(default_factory=set)
    wrong: list[tuple[Namespace, str]] = field(default_factory=list)


def verify(bank: Bank, *, repair_found: bool) -> list[str]:
    """See `Bank.verify`. The file is looked at as of one moment, whoever writes meanwhile."""
    found = Findings()
    with bank.database.read() as connection:
        broken = bank.database.dialect.integrity(connection)
        if broken:
            return broken
        found.told += bank.database.dialect.loose_keys(connection)
        _vectors(connection, found)
        if (last := checks.last_number(connection)) > current_seq(connection):
            found.told.append(f"the counter stands before {last}, a number that was given out")
        for number, namespace, kept, made in _replays(bank, connection, found):
            _replayed(namespace, kept, made, found)
            _journal(connection, number, namespace, found)
            _references(connection, number, namespace, found)
    if repair_found:
        _mend(bank, found)
    return found.told + _shelves(bank, repair_found)


def _mend(bank: Bank, found: Findings) -> None:
    bank.database.write(lambda tx: vectors.erase(tx.connection, found.loose))
    bank.database.write(lambda tx: vectors.wait_again(tx.connection, found.unmade))
    bank.library.drop_shelves()
    if found.unmade:
        bank.library.embed_waiting()
    for namespace, store in found.wrong:
        with suppress(Damaged):  # of events: they are named, and nobody can say what they were
            bank.rebuild(namespace, store)


def _vectors(connection: Connection, found: Findings) -> None:
    loose = vectors.unreferenced(connection)
    damaged = checks.damaged_vectors(connection)
    unmade = checks.missing_vectors(connection)
    wrong = checks.wrong_digests(connection)
    found.loose |= {*loose, *damaged}
    found.unmade |= {*damaged, *unmade}
    found.told += [f"vector {digest.hex()[:12]}: nothing that is indexed refers to it" for digest in loose]
    found.told += [f"vector {digest.hex()[:12]}: its bytes are no normalised vector" for digest in damaged]
    found.told += [f"record row {row}: the hash of its indexed text is wrong" for row in wrong]
    found.told += [f"text {digest.hex()[:12]}: has no vector and waits for none" for digest in unmade]


def _replays(
    bank: Bank, connection: Connection, found: Findings
) -> Iterator[tuple[int, Namespace, Contents, Contents]]:
    """Each namespace with what it holds, and with what a replay of its journal makes.

    One that cannot be read, or replayed, is named in `found`.
    """
    from agentmem.bank.bank import Bank

    waiting = list(names.every(connection).items())
    while waiting:
        with Bank("sqlite://", settings=bank.settings, clock=bank.clock, embedder=_Wordless()) as scratch:
            held = 0
            while waiting and held < REPLAYED_AT_ONCE:
                number, namespace = waiting.pop()
                try:
                    held += scratch.load(exchange.lines(connection, namespace)).stored
                    kept = _contents(connection, number)
                except AgentMemError as error:
                    found.told.append(f"{'/'.join(namespace)} cannot be replayed: {error.message}")
                    continue
                with scratch.database.read() as replayed:
                    made = _contents(replayed, names.find(replayed, namespace))
                yield number, namespace, kept, made


def _contents(connection: Connection, number: int | None) -> Contents:
    """All versions and links of a namespace by store, with event ids in the place of sequence numbers."""
    contents: Contents = {}
    if number is None:
        return contents
    known = events.journal(connection, number, states=events.STATES, unchecked=True)
    ids = {event.seq: event.id for event in known}
    for store in attached.specs(connection, number):
        kept = contents.setdefault(store, {})
        for version in versions.find(connection, [number], store, None, unchecked=True):
            if version.state == "forgotten":
                continue
            told = version.model_dump(exclude={"from_seq", "to_seq"})
            key = f"record {version.id}@{version.version}"
            kept[key] = (told, ids.get(version.from_seq), ids.get(version.to_seq or 0))
        for link in checks.links(connection, number, store):
            key = f"link {link.source} {link.type} {link.target} from {ids.get(link.from_seq)}"
            kept[key] = ("until", ids.get(link.to_seq or 0))
    return contents


def _replayed(namespace: Namespace, is_kept: Contents, should_be: Contents, found: Findings) -> None:
    """Hold the records and links against those that a replay of the journal makes."""
    for store in sorted({*is_kept, *should_be}):
        where = f"{store} in {'/'.join(namespace)}"
        kept, made = is_kept.get(store, {}), should_be.get(store, {})
        wrong = [key for key in {**kept, **made} if kept.get(key) != made.get(key)]
        found.told += [f"{where}: {key} is not what the journal says" for key in wrong[:SHOWN]]
        if len(wrong) > SHOWN:
            found.told.append(f"{where}: {len(wrong) - SHOWN} more are not what the journal says")
        if wrong:
            found.wrong.append((namespace, store))


def _journal(connection: Connection, number: int, namespace: Namespace, found: Findings) -> None:
    """Events are immutable: one that differs from what was appended cannot be mended, only named."""
    where = "/".join(namespace)
    changed = checks.changed_events(connection, number)
    found.told += [f"event {id} in {where}: it is not what was appended" for id in changed]


def _references(connection: Connection, number: int, namespace: Namespace, found: Findings) -> None:
    where = "/".join(namespace)
    dangling = checks.dangling_links(connection, number)
    strange = {item.store for item in pending.listed(connection, [number])}
    strange -= set(attached.specs(connection, number))
    found.told += [
        f"link {source} {type} {target} in {where}: one end does not exist"
        for source, type, target in dangling
    ]
    found.told += [f"pending in {where}: store {store!r} is not attached" for store in sorted(strange)]


def _shelves(bank: Bank, repair_found: bool) -> list[str]:
    """Hold the indexes in memory against ones that are built anew."""
    found = []
    with bank.database.read() as connection:
        if checks.damaged_vectors(connection) or not bank.library.accepts(connection):
            return []  # named already, or of another embedder: no index can be built with them
    for shelf in bank.library.shelves:
        anew = Shelf(shelf.numbers, shelf.store, *bank.library.embedder_key)
        with shelf.lock, bank.database.read() as connection:
            shelf.refresh(connection)
            anew.refresh(connection)
        wrong = [name for name in COLUMNS if shelf.live(name) != anew.live(name)]
        for name, index in anew.fields.items():
            mine = shelf.fields.get(name)
            if mine is None or (mine.texts, mine.vectors) != (index.texts, index.vectors):
                wrong.append(f"field {name}")
        found += [f"index of {shelf.store}: {name} differs from the database" for name in wrong]
    if found and repair_found:
        bank.library.drop_shelves()
    return found


class _Wordless:
    """An embedder for replays that nobody searches: it makes no vectors."""

    name = "none"
    dimensions = 1

    def parts(self, text: str) -> list[str]:
        """No parts: no vectors are wanted."""
        return []

    def embed(self, texts: Any) -> Any:
        """An empty array."""
        import numpy as np

        return np.zeros((len(texts), 1), np.float32)
