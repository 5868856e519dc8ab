"""Checks of forgetting: out of every answer at once, out of the bytes after a scrub, and for good."""

from __future__ import annotations

from pathlib import Path

from agentmem.bank import Bank
from agentmem.embedders.base import Embedder
from agentmem.records import Event, spoken
from agentmem.stores.base import MemoryStore
from agentmem.testing.capabilities import keeper, said
from agentmem.testing.looking import exported, journal
from agentmem.testing.promise import expect
from agentmem.testing.trial import HOME, Trial, recalled

WORD = "xylograph"
SECRET = Event(id="secret", actor="Ines", session="vault", text=f"The vault opens with a {WORD} of quinces.")
LEAST = 12
"""Characters of a sample that is told apart by its text."""


def forgotten(trial: Trial) -> None:
    """What was forgotten is in no answer, nor what came of it alone; no retry or import brings it back."""
    bank = trial.bank()
    store = trial.store(bank)
    store.observe(*trial.samples)
    store.observe(SECRET)
    sample = _telling(trial, store)
    old_export = exported(bank)
    gone = [SECRET, sample]
    for event in gone:
        for reader in (store, bank.store("episodic", HOME)):
            recalled(reader, event.text)  # what was kept aside by then must go as well
            reader.synthesize(event.text, 2_000, floor=False)
    report = bank.forget(HOME, events=[event.id for event in gone])
    expect(
        set(report.events) >= {event.id for event in gone if not event.store},
        f"the report names {report.events}",
    )
    _absent(bank, store, gone)
    for event in gone:
        receipt = store.observe(event)[0]
        expect(
            receipt.status == "forgotten", f"a retry of a forgotten event has the receipt {receipt.status!r}"
        )
    _absent(bank, store, gone)
    bank.load(old_export)
    _absent(bank, store, gone)
    found = bank.verify()
    expect(not found, f"verify after forgetting: {found}")


def shared_sources(trial: Trial) -> None:
    """A record with several sources outlives the forgetting of one of them."""
    bank = trial.bank()
    store = keeper(trial.store(bank))
    text = "The bees sleep in the old wall."
    first, second = (store.put("bees", text).event_id for _ in range(2))
    bank.forget(HOME, events=[first])
    found = store.select('key = "bees" and state = "live"')
    expect(len(found) == 1 and found[0].text == text, "a record vanished with one of its two sources")
    expect(found[0].sources == (second,), f"the record names the sources {found[0].sources}")
    bank.forget(HOME, events=[second])
    expect(not store.select('key = "bees" and state = "live"'), "a record outlived all of its sources")


def erased_bytes(trial: Trial) -> None:
    """After a scrub the bank's files hold neither the text, nor its words, nor its vectors."""
    bank = trial.bank()
    store = keeper(trial.store(bank))
    store.observe(*trial.samples)
    store.observe(SECRET)
    id = trial.state(store, f"Only a {WORD} opens the vault.")
    recalled(store, "How does the vault open?")
    traces = {"its word": WORD.encode(), **_vectors(bank.library.embedder, spoken(SECRET.actor, SECRET.text))}
    held = [name for name, trace in traces.items() if trace in _bytes(trial.folder)]
    expect("its word" in held, "the text was never in the bank's files: this check looks in the wrong place")
    bank.forget(HOME, events=[SECRET.id])
    bank.forget(HOME, records=[id])
    left = bank.scrub()
    expect(not left, f"the scrub did not reach: {left}")
    for name in held:
        expect(traces[name] not in _bytes(trial.folder), f"after the scrub a file of the bank holds {name}")
    bank.close()
    found = trial.bank().verify()
    expect(not found, f"verify after the scrub: {found}")


def _telling(trial: Trial, store: MemoryStore) -> Event:
    """A sample that the store made something of, if there is one, and whose text no other sample holds."""
    texts = [event.text for event in trial.samples]
    apart = [
        event
        for event in trial.samples
        if said(event) and len(event.text) >= LEAST and sum(event.text in text for text in texts) == 1
    ]
    used = {source for record in store.select() for source in record.sources}
    made = [event for event in apart if event.id in used]
    return (made or apart or [SECRET])[0]


def _absent(bank: Bank, store: MemoryStore, gone: list[Event]) -> None:
    for event in gone:
        texts = (event.text, WORD) if event is SECRET else (event.text,)
        for reader in (store, bank.store("episodic", HOME)):
            hits = recalled(reader, event.text)
            expect(event.id not in hits, f"{event.text!r} was forgotten, and {reader.name!r} recalls it")
            context = reader.synthesize(event.text, 2_000, floor=False).text
            for text in texts:
                named = [hit.text for hit in hits.values() if text in hit.text]
                expect(not named, f"{text!r} was forgotten, and {reader.name!r} recalls {named}")
                expect(
                    text not in context, f"{text!r} was forgotten, and a context of {reader.name!r} shows it"
                )
        for text in texts:
            lines = [line for line in exported(bank) if text in line]
            expect(not lines, f"{text!r} was forgotten, and an export holds {lines}")
    ids = {event.id for event in gone}
    for record in store.select():
        left = record.state != "forgotten" and not set(record.sources) - ids
        expect(not left, f"record {record.text!r} came from what was forgotten alone, and is there")
        for version in store.history(record.id) if record.state != "forgotten" else []:
            expect(
                not any(event.text in version.record.text for event in gone),
                f"the history of {record.id!r} tells what was forgotten",
            )
    told = [line["id"] for line in journal(bank) if line["id"] in ids and line.get("text")]
    expect(not told, f"the journal holds the text of {told}")


def _vectors(embedder: Embedder, text: str) -> dict[str, bytes]:
    parts = embedder.embed(embedder.parts(text))
    forms = {"its vector": "<f2", "its vector in single precision": "<f4"}
    return {name: parts[0].astype(form).tobytes() for name, form in forms.items()}


def _bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())
