"""Checks that what was observed is kept: verbatim, once, whoever writes beside it."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from agentmem.errors import Conflict, InvalidInput
from agentmem.records import Event, Receipt
from agentmem.testing import hostile, other_process
from agentmem.testing.capabilities import is_verbatim, keeper, must_recall, said
from agentmem.testing.looking import journal
from agentmem.testing.promise import DoesNotApply, expect, slow
from agentmem.testing.trial import HOME, Trial, put, recalled

WRITERS = 4
EACH = 8
"""Threads, and events that each observes."""
KILLED_AFTER = 25
"""Receipts after which a writing process is killed."""


def round_trip(trial: Trial) -> None:
    """What was observed is in the journal and recalled verbatim, at once; so is what is put."""
    bank = trial.bank()
    store, episodic = trial.store(bank), bank.store("episodic", HOME)
    readers = [episodic, store] if is_verbatim(store) else [episodic]
    for event in trial.samples:
        receipt = store.observe(event)[0]
        expect(
            receipt.status == "stored",
            f"the receipt of {event.id!r} says {receipt.status!r}: {receipt.reason}",
        )
        for reader in readers if said(event) else []:
            hit = recalled(reader, event.text).get(event.id)
            expect(hit is not None, f"{event.text!r} was observed, and {reader.name!r} does not recall it")
            expect(
                hit is not None and hit.text == event.text,
                f"{event.text!r} is recalled as {hit and hit.text!r}",
            )
    failed = [item for item in store.pending() if item.state == "failed"]
    expect(not failed, f"{failed and failed[0].event_id!r} failed: {failed and failed[0].error}")
    kept = {event.id: event for event in bank.events(HOME, [event.id for event in trial.samples])}
    for event in trial.samples:
        expect(event.id in kept, f"{event.id!r} is not in the journal")
        same = (kept[event.id].text, kept[event.id].data) == (event.text, event.data)
        expect(same, f"{event.id!r} was {event.text!r} {event.data!r}, the journal says {kept[event.id]!r}")
    text = "The spare key hangs behind the clock."
    id = put(store, "kept.key", text)
    expect(store.get([id])[0].text == text, f"{text!r} was put, `get` says otherwise")
    expect(not must_recall(store) or id in recalled(store, text), f"{text!r} was put, and is not recalled")


def known_ids(trial: Trial) -> None:
    """An event id is kept once: a retry is a duplicate, another text under it an error that keeps nothing."""
    bank = trial.bank()
    store = keeper(trial.store(bank))
    event = Event(id="once", text="The ferry leaves at seven.", session="harbour")
    store.observe(event)
    before = [record.id for record in store.select()], len(journal(bank))
    again = store.observe(event)[0]
    expect(again.status == "duplicate", f"a retry of the same event has the receipt {again.status!r}")
    expect(
        before == ([record.id for record in store.select()], len(journal(bank))),
        "a retry of an event left traces",
    )
    try:
        store.observe(
            Event(id="beside", text="Bring a coat."), event.model_copy(update={"text": "It leaves at nine."})
        )
    except Conflict:
        pass
    else:
        expect(False, "the same event id with another text was taken")
    expect(not bank.events(HOME, ["beside"]), "a refused call kept a part of itself")
    expect(bank.events(HOME, ["once"])[0].text == event.text, "the event was overwritten")


def restated(trial: Trial) -> None:
    """The same statement again adds a source and makes no second record."""
    store = keeper(trial.store())
    first, again = (store.put("gate.code", "The gate opens on weekdays.") for _ in range(2))
    found = store.select('key = "gate.code" and state = "live"')
    expect(len(found) == 1, f"one statement, put twice, stands in {len(found)} records")
    expect(
        set(found[0].sources) == {first.event_id, again.event_id},
        f"a statement put twice has the sources {found[0].sources}",
    )


def hostile_text(trial: Trial) -> None:
    """Any text is kept as it came, what cannot be kept is refused, and nothing breaks out of its fence."""
    bank = trial.bank()
    store = trial.store(bank)
    events = [Event(id=f"hostile-{n}", text=text, actor="Mallory") for n, text in enumerate(hostile.TEXTS)]
    store.observe(*events)
    for event in bank.events(HOME, [event.id for event in events]):
        wanted = hostile.TEXTS[int(event.id.removeprefix("hostile-"))]
        expect(event.text == wanted, f"{wanted[:60]!r} is in the journal as {event.text[:60]!r}")
    trial.state_all(store, hostile.TEXTS)
    kept = {record.text for record in store.select()}
    lost = [text[:60] for text in hostile.TEXTS if text not in kept]
    expect(not lost, f"what was stated is not among its records: {lost}")
    for query in ("", hostile.TEXTS[0]):
        context = store.synthesize(query, budget=4_000, floor=False, k=100)
        reason = hostile.broken_out(context.text)
        expect(not reason, f"the context for {query[:40]!r} {reason}")
    for text in hostile.REFUSED:
        try:
            store.observe(text)
        except InvalidInput as error:
            expect(bool(error.remedy), f"{text!r} is refused without saying what to do")
        else:
            expect(False, f"{text!r} was taken; no database keeps it")
    expect(not bank.verify(), f"verify: {bank.verify()}")


def concurrency(trial: Trial) -> None:
    """Of what several threads observe on two open banks nothing is lost and nothing doubled."""
    banks = [trial.bank(), trial.bank()]
    stores = [keeper(trial.store(bank)) for bank in banks]
    both = Event(id="both", text="Everyone saw the comet.")

    def write(writer: int) -> list[Receipt]:
        store = stores[writer % len(stores)]
        receipts = store.observe(both)
        for n in range(EACH):
            receipts += store.observe(
                Event(id=f"w{writer}-{n}", text=f"Writer {writer} counts sheep number {n}.")
            )
        return receipts

    with ThreadPoolExecutor(WRITERS) as pool:
        receipts = [receipt for some in pool.map(write, range(WRITERS)) for receipt in some]
    counts = Counter(receipt.status for receipt in receipts)
    expected = {"stored": WRITERS * EACH + 1, "duplicate": WRITERS - 1}
    expect(counts == expected, f"the receipts say {dict(counts)}, and should say {expected}")
    ids = Counter(line["id"] for line in journal(banks[0]) if not line.get("store"))
    wanted = {"both", *(f"w{writer}-{n}" for writer in range(WRITERS) for n in range(EACH))}
    expect(set(ids) == wanted, f"the journal lost {wanted - set(ids)}, or holds more: {set(ids) - wanted}")
    expect(max(ids.values()) == 1, f"the journal holds {ids.most_common(1)[0]} times")
    for store in stores:
        if is_verbatim(store):
            kept = Counter(record.id for record in store.select())
            expect(set(kept) >= wanted, f"the store lost {wanted - set(kept)}")
            expect(max(kept.values()) == 1, f"the store doubled {kept.most_common(1)[0]}")
    found = banks[0].verify()
    expect(not found, f"verify: {found}")


@slow
def killed(trial: Trial) -> None:
    """Every receipt that was given is good, though the process is killed while it writes."""
    bank = trial.bank()
    keeper(trial.store(bank))
    bank.close()
    process = other_process.observing(trial, "bank", 10_000)
    if process is None:
        raise DoesNotApply(other_process.NOT_IMPORTABLE)
    with process:
        try:
            given = [line.strip() for line in islice(process.stdout or (), KILLED_AFTER)]
        finally:
            process.kill()
        said = process.stderr.read() if process.stderr is not None else ""
    expect(len(given) == KILLED_AFTER, f"the other process gave {len(given)} receipts, then: {said[-400:]}")
    bank = trial.bank()
    store = trial.store(bank)
    kept = {event.id: event.text for event in bank.events(HOME, given)}
    lost = [id for id in given if kept.get(id) != other_process.TEXT.format(id=id)]
    expect(not lost, f"receipts were given for {lost}, and the journal does not hold them")
    store.retry()
    expect(store.observe("Life goes on.")[0].status == "stored", "the bank takes nothing after the kill")
    found = bank.verify()
    expect(not found, f"verify after the kill: {found}")
