"""Verify: do journal, records, links, vectors and indexes agree? And mend what does not."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from agentmem.bank.shelf import COLUMNS, Shelf
from agentmem.db import attached, checks, events, names, pending, records, sqlite, vectors

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank
    from agentmem.records import Namespace

SHOWN = 5
"""How many single disagreements of one kind are named before the rest is counted."""


def verify(bank: Bank, *, repair_found: bool) -> list[str]:
    """See `Bank.verify`."""
    with bank.database.read() as connection:
        found = sqlite.integrity(connection)
        if found:
            return found
        found = sqlite.loose_keys(connection)
    found += _vectors(bank, repair_found)
    for namespace in bank.namespaces():
        found += _replayed(bank, namespace, repair_found)
        found += _journal(bank, namespace)
        found += _references(bank, namespace)
    found += _shelves(bank, repair_found)
    return found


def _vectors(bank: Bank, repair_found: bool) -> list[str]:
    with bank.database.read() as connection:
        loose = vectors.unreferenced(connection)
        wrong_hash = checks.wrong_digests(connection)
        damaged = checks.damaged_vectors(connection)
        unmade = checks.missing_vectors(connection)
    if repair_found:
        bank.database.write(lambda tx: vectors.erase(tx.connection, [*loose, *damaged]))
        bank.database.write(lambda tx: vectors.wait_again(tx.connection, [*damaged, *unmade]))
        bank.library.drop_shelves()
        if damaged or unmade:
            bank.library.embed_waiting()
    found = [f"vector {digest.hex()[:12]}: nothing that is indexed refers to it" for digest in loose]
    found += [f"vector {digest.hex()[:12]}: its bytes are no normalised vector" for digest in damaged]
    found += [f"record row {row}: the hash of its indexed text is wrong" for row in wrong_hash]
    found += [f"text {digest.hex()[:12]}: has no vector and waits for none" for digest in unmade]
    return found


def _replayed(bank: Bank, namespace: Namespace, repair_found: bool) -> list[str]:
    """Hold the records and links against those that a replay of the journal makes."""
    from agentmem.bank.bank import Bank

    text = io.StringIO()
    bank.export(text, namespace)
    text.seek(0)
    with Bank("sqlite://", settings=bank.settings, clock=bank.clock, embedder=_Wordless()) as scratch:
        scratch.load(text)
        is_kept, should_be = _contents(bank, namespace), _contents(scratch, namespace)
    found = []
    for store in sorted({*is_kept, *should_be}):
        kept, made = is_kept.get(store, {}), should_be.get(store, {})
        wrong = [key for key in {**kept, **made} if kept.get(key) != made.get(key)]
        found += [
            f"{store} in {'/'.join(namespace)}: {key} is not what the journal says" for key in wrong[:SHOWN]
        ]
        if len(wrong) > SHOWN:
            found.append(
                f"{store} in {'/'.join(namespace)}: {len(wrong) - SHOWN} more are not what the journal says"
            )
        if wrong and repair_found:
            bank.rebuild(namespace, store)
    return found


def _contents(bank: Bank, namespace: Namespace) -> dict[str, dict[str, Any]]:
    """All versions and links by store, with event ids in the place of sequence numbers."""
    contents: dict[str, dict[str, Any]] = {}
    with bank.database.read() as connection:
        number = names.find(connection, namespace)
        if number is None:
            return {}
        ids = {event.seq: event.id for event in events.journal(connection, number, with_forgotten=True)}
        for store in attached.specs(connection, number):
            kept = contents.setdefault(store, {})
            for version in records.find(connection, [number], store, None):
                if version.state == "forgotten":
                    continue
                told = version.model_dump(exclude={"from_seq", "to_seq"})
                key = f"record {version.id}@{version.version}"
                kept[key] = (told, ids.get(version.from_seq), ids.get(version.to_seq or 0))
            for link in checks.links(connection, number, store):
                key = f"link {link.source} {link.type} {link.target} from {ids.get(link.from_seq)}"
                kept[key] = ("until", ids.get(link.to_seq or 0))
    return contents


def _journal(bank: Bank, namespace: Namespace) -> list[str]:
    """Events are immutable: one that differs from what was appended cannot be mended, only named."""
    with bank.database.read() as connection:
        changed = checks.changed_events(connection, names.find(connection, namespace) or 0)
    return [f"event {id} in {'/'.join(namespace)}: it is not what was appended" for id in changed]


def _references(bank: Bank, namespace: Namespace) -> list[str]:
    where = "/".join(namespace)
    with bank.database.read() as connection:
        number = names.find(connection, namespace) or 0
        dangling = checks.dangling_links(connection, number)
        specs = attached.specs(connection, number)
        strange = {item.store for item in pending.listed(connection, [number])} - set(specs)
    found = [
        f"link {source} {type} {target} in {where}: one end does not exist"
        for source, type, target in dangling
    ]
    return found + [f"pending in {where}: store {store!r} is not attached" for store in sorted(strange)]


def _shelves(bank: Bank, repair_found: bool) -> list[str]:
    """Hold the indexes in memory against ones that are built anew."""
    found = []
    with bank.database.read() as connection:
        if checks.damaged_vectors(connection):
            return []  # named already, and no index can be built with them
    for shelf in bank.library.shelves:
        anew = Shelf(shelf.numbers, shelf.store, *bank.library.embedder_key)
        with shelf.lock, bank.database.read() as connection:
            shelf.refresh(connection)
            anew.refresh(connection)
        wrong = [name for name in COLUMNS if shelf.live(name) != anew.live(name)]
        for name, index in anew.fields.items():
            mine = shelf.fields.get(name)
            if mine is None or len(mine.text) != len(index.text) or len(mine.vectors) != len(index.vectors):
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
