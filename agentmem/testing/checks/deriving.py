"""Checks that a derivation may fail, hang or be cut short, and nothing observed depends on it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from agentmem.bank import Bank, View
from agentmem.records import Event, Later
from agentmem.stores.base import MemoryStore
from agentmem.testing.capabilities import interprets, said
from agentmem.testing.looking import journal
from agentmem.testing.promise import DoesNotApply, expect
from agentmem.testing.trial import HOME, Trial, recalled

PATIENCE = 20.0
"""Seconds until a call that should have returned is held to hang."""


class ModelDownError(RuntimeError):
    """What the stand-in raises in the place of a model that does not answer."""


def failed_derivation(trial: Trial) -> None:
    """A derivation that fails costs nothing: the event is recalled, the failure seen, later events go on."""
    twin = _untroubled(trial)
    down = {trial.samples[0].id}
    with trial.standing_in(_failing(trial, down)):
        bank = trial.bank()
        store = trial.store(bank)
        for receipt in store.observe(*trial.samples):
            said = f"the receipt of {receipt.event_id!r}, whose derivation fails or not,"
            expect(receipt.status == "stored", f"{said} says {receipt.status!r}")
            is_told = (store.shelf in receipt.pending) or receipt.event_id not in down
            expect(is_told, f"{said} does not say that it is pending")
        _recalls_all(bank, trial)
        failed = {item.event_id: item for item in store.pending() if item.state == "failed"}
        expect(
            set(failed) == down, f"`pending` shows as failed {sorted(failed)}, and should show {sorted(down)}"
        )
        expect("ModelDown" in failed[trial.samples[0].id].error, "`pending` does not say what went wrong")
        down.clear()
        store.retry()
        _like(twin, bank, store, trial)
        store.retry()
        _like(twin, bank, store, trial)
        found = bank.verify()
        expect(not found, f"verify: {found}")


def failed_restart(trial: Trial) -> None:
    """What could not be derived is still pending after a restart, and is derived then, once."""
    twin = _untroubled(trial)
    down = {event.id for event in trial.samples}
    with trial.standing_in(_failing(trial, down)):
        store = trial.store()
        store.observe(*trial.samples)
        before = [(item.event_id, item.state) for item in store.pending()]
        store.bank.close()
    bank = trial.bank()
    store = trial.store(bank)
    after = [(item.event_id, item.state) for item in store.pending()]
    expect(bool(before) and before == after, f"pending were {before}, after the restart {after}")
    store.retry()
    _like(twin, bank, store, trial)


def hanging_derivation(trial: Trial) -> None:
    """While a derivation hangs, `observe(wait=False)` returns and the event is recalled."""
    twin = _untroubled(trial)
    gate = _Gate()
    with trial.standing_in(_hanging(trial, gate)):
        bank = trial.bank()
        store = trial.store(bank)
        caller = threading.Thread(
            target=store.observe, args=trial.samples, kwargs={"wait": False}, daemon=True
        )
        try:
            caller.start()
            caller.join(PATIENCE)
            expect(not caller.is_alive(), "`observe(wait=False)` waits for the derivation")
            expect(gate.reached.wait(PATIENCE), "the derivation was never begun")
            _recalls_all(bank, trial)
            waiting = {item.event_id for item in store.pending()}
            missing = {event.id for event in trial.samples if not event.store} - waiting
            expect(not missing, f"`pending` does not show {sorted(missing)}, which are being derived")
        finally:
            gate.open.set()
        expect(gate.left.wait(PATIENCE), "the derivation did not end")
        _settle(trial, store, twin)
        _like(twin, bank, store, trial)


def derived_alike(trial: Trial) -> None:
    """What was derived is appended with its cause, so that a rebuild asks no model."""
    bank = trial.bank()
    store = trial.store(bank)
    if not interprets(store):
        raise DoesNotApply("it has no `interpret`, or its options turn it off")
    store.observe(*trial.samples)
    bank.close()

    def asked(self: MemoryStore, events: Sequence[Event], view: View) -> list[Event] | Later:
        raise ModelDownError("a rebuild asked the model")

    with trial.standing_in(_variant(trial, asked)):
        bank = trial.bank()
        bank.rebuild(HOME)
        found = bank.verify()
    expect(not found, f"verify: {found}")
    operations = [line for line in journal(bank) if line.get("store") == trial.store(bank).shelf]
    loose = [line["id"] for line in operations if not line.get("caused_by")]
    expect(not loose, f"operations name no cause: {loose}")


# The untroubled twin, and what is held against it


@dataclass(frozen=True)
class _Twin:
    """What the same store made of the same samples when nothing went wrong."""

    derived: Counter[str]
    pending: int


def _untroubled(trial: Trial) -> _Twin:
    bank = trial.bank("untroubled")
    store = trial.store(bank)
    if not interprets(store):
        raise DoesNotApply("it interprets nothing: there is no derivation that could fail")
    for event in trial.samples:
        store.observe(event)
    running = [item.event_id for item in store.pending() if item.state == "running"]
    expect(not running, f"`observe` has returned, and {running} are said to be in derivation")
    return _Twin(_derived(bank), len(store.pending()))


def _derived(bank: Bank) -> Counter[str]:
    """For each event the number of operations that it caused."""
    return Counter(cause for line in journal(bank, HOME) for cause in line.get("caused_by", ()))


def _like(twin: _Twin, bank: Bank, store: MemoryStore, trial: Trial) -> None:
    expect(
        len(store.pending()) == twin.pending,
        f"after `retry` {store.pending()} are pending, untroubled {twin.pending} events",
    )
    told = _derived(bank)
    missing = set(twin.derived) - set(told)
    expect(not missing, f"nothing was derived from {sorted(missing)}")
    same = Counter(
        (
            tuple(line.get("caused_by", ())),
            line["type"],
            line.get("text"),
            str(line.get("data")),
            str(line.get("about")),
        )
        for line in journal(bank, HOME)
        if line.get("store") == store.shelf
    )
    doubled = [what for what, n in same.items() if n > 1]
    expect(not doubled, f"derived twice: {doubled}")


def _recalls_all(bank: Bank, trial: Trial) -> None:
    episodic = bank.store("episodic", HOME)
    for event in trial.samples:
        expect(
            not said(event) or event.id in recalled(episodic, event.text),
            f"{event.text!r} is not recalled meanwhile",
        )


def _settle(trial: Trial, store: MemoryStore, twin: _Twin) -> None:
    """Wait until the background has nothing left to do."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.02)):
        if len(store.pending()) <= twin.pending:
            return
        pause.wait(0.02)


# Stand-ins: subclasses of the store whose `interpret` fails or hangs


Interpret = Callable[[MemoryStore, Sequence[Event], View], "list[Event] | Later"]


def _variant(trial: Trial, interpret: Interpret) -> type[MemoryStore]:
    """The store's class with another `interpret`."""
    own = trial.subject.store_class
    return type(own.__name__, (own,), {"interpret": interpret, "__doc__": own.__doc__})


def _failing(trial: Trial, down: set[str]) -> type[MemoryStore]:
    """Fails on every batch that holds one of the events `down`."""
    own = trial.subject.store_class

    def interpret(self: MemoryStore, events: Sequence[Event], view: View) -> list[Event] | Later:
        if any(event.id in down for event in events):
            raise ModelDownError("the model does not answer")
        return own.interpret(self, events, view)

    return _variant(trial, interpret)


@dataclass
class _Gate:
    """Where a hanging derivation waits."""

    reached: threading.Event = field(default_factory=threading.Event)
    open: threading.Event = field(default_factory=threading.Event)
    left: threading.Event = field(default_factory=threading.Event)


def _hanging(trial: Trial, gate: _Gate) -> type[MemoryStore]:
    """Hangs until the gate is open."""
    own = trial.subject.store_class

    def interpret(self: MemoryStore, events: Sequence[Event], view: View) -> list[Event] | Later:
        gate.reached.set()
        gate.open.wait(2 * PATIENCE)
        try:
            return own.interpret(self, events, view)
        finally:
            gate.left.set()

    return _variant(trial, interpret)
