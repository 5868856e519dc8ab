"""Interpreting: whatever a store does or fails to do, the event is kept, the failure seen, nothing done twice."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from agentmem.bank import Bank
from agentmem.bank.derive import LEASE
from agentmem.errors import NotApplicable
from agentmem.records import ChangeSet, Event, Later, Record, Trust
from agentmem.stores import MemoryStore, register
from agentmem.testing import HandClock

NS = ("default",)
KEY = "AKIAIOSFODNN7EXAMPLE"


class Noting(MemoryStore):
    """Makes one note of each observation; its operations are applied into records."""

    name = "noting"

    def interpret(self, events, view):
        return [Event(type="note", text=event.text.upper(), caused_by=(event.id,)) for event in events]

    def apply(self, event, view):
        if event.type != "note":
            return ChangeSet()
        return ChangeSet(records=(Record(id=view.new_id(), text=event.text, indexed={"text": event.text}),))


@register
class Broken(Noting):
    """Fails on what holds the word poison, as long as it is told to."""

    name = "broken"
    poison = "poison"

    def interpret(self, events, view):
        if any(self.poison in event.text for event in events):
            raise ValueError("cannot read " + " / ".join(event.text for event in events))
        return super().interpret(events, view)


@register
class Patient(Noting):
    """Waits until three events are there."""

    name = "patient"

    def interpret(self, events, view):
        return Later(reason="too few") if len(events) < 3 else super().interpret(events, view)


@register
class Correcting(Noting):
    """Corrects the record that an observation names, and lets somebody act in between."""

    name = "correcting"
    meanwhile: list = []  # noqa: RUF012

    def interpret(self, events, view):
        if self.meanwhile:
            self.meanwhile.pop()()
        operations = []
        for event in events:
            standing = [record for record in view.select() if record.state == "live"]
            if standing and event.text.startswith("no:"):
                operations.append(Event(type="correct", about=(standing[0].id,), text=event.text))
            else:
                operations.append(Event(type="note", text=event.text, caused_by=(event.id,)))
        return operations


@register
class Hanging(Noting):
    """Interprets only when it is let go."""

    name = "hanging"
    begun = threading.Event()
    go = threading.Event()

    def interpret(self, events, view):
        self.begun.set()
        self.go.wait(20)
        return super().interpret(events, view)


@register
class Leaking(Noting):
    """Says in its operation what the screen refuses."""

    name = "leaking"

    def interpret(self, events, view):
        return [Event(type="note", text=f"key {KEY}")]


@register
class Misplaced(Noting):
    """Puts the value that each observation states as `key=value`, by operations of all stores."""

    name = "stating"

    def interpret(self, events: Sequence[Event], view):
        operations = []
        for event in events:
            if "later" in event.text and not Misplaced.ready:
                raise ValueError("not now")
            key, _, value = event.text.replace(" later", "").partition("=")
            operations.append(Event(type="put", text=value, data={"key": key}, caused_by=(event.id,)))
        return operations

    ready = False


def texts(store: MemoryStore) -> list[str]:
    return sorted(record.text for record in store.select() if record.state == "live")


def test_one_that_fails_blocks_no_other(bank: Bank):
    store = bank.store("broken")
    receipts = bank.store().observe("one", "poison", "three", "four")
    assert [receipt.pending for receipt in receipts] == [(), ("broken",), (), ()]
    assert texts(store) == ["FOUR", "ONE", "THREE"]
    bank.store().observe("five")
    assert "FIVE" in texts(store)
    assert [item.state for item in store.pending()] == ["failed"]


def test_a_failure_says_why_of_its_own_event_alone(bank: Bank):
    store = bank.store("broken")
    bank.store().observe("one", "poison", "three")
    assert [item.error for item in store.pending()] == ["ValueError: cannot read poison"]


def test_what_failed_is_recalled_all_the_same(bank: Bank):
    bank.store("broken")
    bank.store().observe("the poison of the yew")
    assert [hit.text for hit in bank.store().recall("yew poison")] == ["the poison of the yew"]


def test_a_retry_interprets_what_failed(bank: Bank, monkeypatch: pytest.MonkeyPatch):
    store = bank.store("broken")
    bank.store().observe("one", "poison")
    assert len(store.retry()) == 1
    monkeypatch.setattr(Broken, "poison", "nothing of this kind")
    assert store.retry() == []
    assert texts(store) == ["ONE", "POISON"]
    assert store.retry() == []
    assert texts(store) == ["ONE", "POISON"]
    assert bank.verify() == []


def test_later_waits_until_enough_events_are_there(bank: Bank):
    store = bank.store("patient")
    for n in range(2):
        receipt = bank.store().observe(f"note {n}")[0]
        assert receipt.pending == ("patient",)
        assert {item.state for item in store.pending()} == {"waiting"}
    bank.store().observe("note 2")
    assert texts(store) == ["NOTE 0", "NOTE 1", "NOTE 2"]
    assert store.pending() == []


def test_later_after_a_failed_batch_ends(bank: Bank):
    @register
    class Both(Patient):
        name = "both"

        def interpret(self, events, view):
            if len(events) == 2:
                raise ValueError("two are too many")
            return super().interpret(events, view)

    store = bank.store("both")
    bank.store().observe("a", "b")
    assert {item.state for item in store.pending()} == {"waiting"}


def test_more_than_one_batch(bank: Bank):
    store = bank.store("broken")
    bank.store().observe(*(f"note {n}" for n in range(150)), "poison")
    assert len(texts(store)) == 150
    assert len(store.pending()) == 1


def test_an_operation_about_what_no_longer_stands_is_interpreted_anew(bank: Bank):
    store = bank.store("correcting")
    bank.store().observe("first")
    id = store.select()[0].id
    Correcting.meanwhile.append(lambda: store.retract([id]))
    # The view was taken before the retraction: the correction does not apply, and is thought over.
    receipt = bank.store().observe("no: second")[0]
    assert receipt.pending == ()
    assert texts(store) == ["no: second"]
    assert bank.verify() == []


def test_one_that_never_applies_fails_and_says_so(bank: Bank):
    store = bank.store("correcting")

    @register
    class Stubborn(Noting):
        name = "stubborn"

        def interpret(self, events, view):
            return [Event(type="retract", about=("never-there",))]

    stubborn = bank.store("stubborn")
    bank.store().observe("first")
    assert [(item.store, item.state) for item in bank.pending(NS)] == [("stubborn", "failed")]
    assert "not applicable" in stubborn.pending()[0].error
    assert texts(store) == ["first"]


def test_an_event_forgotten_while_it_is_interpreted_leaves_nothing(bank: Bank):
    store = bank.store("correcting")
    event = Event(id="secret", text="secret")
    Correcting.meanwhile.append(lambda: bank.forget(NS, events=["secret"]))
    bank.store().observe(event, "other")
    assert texts(store) == ["other"]
    assert store.pending() == []
    assert bank.verify() == []


def test_reading_and_writing_go_on_while_a_store_hangs(bank: Bank):
    Hanging.begun.clear()
    Hanging.go.clear()
    store = bank.store("hanging")
    try:
        receipt = bank.store().observe("slow thought", wait=False)[0]
        assert Hanging.begun.wait(20)
        assert receipt.pending == ("hanging",)
        assert [item.state for item in store.pending()] == ["running"]
        assert [hit.text for hit in bank.store().recall("slow thought")] == ["slow thought"]
        assert bank.store().observe("more", wait=False)[0].status == "stored"
        assert texts(store) == []
    finally:
        Hanging.go.set()
    assert bank.settle(20)
    assert texts(store) == ["MORE", "SLOW THOUGHT"]


def test_a_lease_that_ran_out_is_taken_over_and_nothing_is_done_twice(open_bank, clock: HandClock):
    bank, other = open_bank(), open_bank()
    Hanging.begun.clear()
    Hanging.go.clear()
    store = bank.store("hanging")
    thread = threading.Thread(target=lambda: bank.store().observe("thought"))
    thread.start()
    try:
        assert Hanging.begun.wait(20)
        assert other.store("hanging").retry()[0].state == "running"
        clock.now += LEASE + timedelta(seconds=1)
        Hanging.begun.clear()
        second = threading.Thread(target=lambda: other.store("hanging").retry())
        second.start()
        assert Hanging.begun.wait(20)
    finally:
        Hanging.go.set()
    thread.join()
    second.join()
    assert texts(store) == ["THOUGHT"]
    assert store.pending() == []
    assert bank.verify() == []


def test_who_lost_the_lease_cannot_fail_it_for_another(open_bank, clock: HandClock):
    bank, other = open_bank(), open_bank()
    order: list[str] = []

    @register
    class Slow(Noting):
        name = "slow"

        def interpret(self, events, view):
            order.append("began")
            if len(order) == 1:
                clock.now += LEASE + timedelta(seconds=1)
                other.store("slow").retry()
                raise ValueError("the first one dies")
            return super().interpret(events, view)

    store = bank.store("slow")
    bank.store().observe("thought")
    assert texts(store) == ["THOUGHT"]
    assert store.pending() == []


def test_an_operation_that_the_screen_refuses_is_a_failure(open_bank):
    bank = open_bank(screen="refuse")
    store = bank.store("leaking")
    bank.store().observe("one")
    assert [item.state for item in store.pending()] == ["failed"]
    assert "credentials" in store.pending()[0].error
    assert KEY not in store.pending()[0].error


def test_an_operation_on_another_store_is_a_failure(bank: Bank):
    @register
    class Meddling(Noting):
        name = "meddling"

        def interpret(self, events, view):
            return [Event(type="retract", store="episodic", about=(events[0].id,))]

    store = bank.store("meddling")
    bank.store().observe("one")
    assert [item.state for item in store.pending()] == ["failed"]
    assert texts(bank.store()) == ["one"]


def test_what_is_derived_has_the_lowest_trust_of_its_causes(bank: Bank):
    store = bank.store("broken")
    bank.store().observe(Event(text="from the web", trust=Trust.WEB), Event(text="from me"))
    assert {record.text: record.trust for record in store.select()} == {
        "FROM THE WEB": "web",
        "FROM ME": "user",
    }


def test_what_is_interpreted_late_enters_the_history_and_not_the_present(
    bank: Bank, clock: HandClock, monkeypatch: pytest.MonkeyPatch
):
    store = bank.store("stating")
    bank.store().observe("home=Bonn later")
    clock.forward(days=5)
    bank.store().observe("home=Rome")
    clock.forward(days=5)
    monkeypatch.setattr(Misplaced, "ready", True)
    assert store.retry() == []
    assert texts(store) == ["Rome"]
    standing = store.select('state = "live"')[0]
    assert {version.record.text for version in store.history(standing.id)} == {"Bonn", "Rome"}
    assert [hit.text for hit in store.recall("Bonn Rome home", floor=False)] == ["Rome"]
    assert bank.verify() == []


def test_what_is_pending_goes_with_an_export(open_bank, monkeypatch: pytest.MonkeyPatch):
    bank, copy = open_bank(), open_bank("copy.db")
    bank.store("broken"), bank.store("patient")
    bank.store().observe("one", "poison")
    target = io.StringIO()
    bank.export(target)
    copy.load(target.getvalue().splitlines())

    def told(some: Bank) -> list[tuple[str, str, str]]:
        return [(item.store, item.state, item.error) for item in some.pending()]

    assert told(copy) == told(bank)
    assert {item[1] for item in told(copy)} == {"waiting", "failed"}
    monkeypatch.setattr(Broken, "poison", "nothing of this kind")
    copy.store("broken").retry()
    assert texts(copy.store("broken")) == ["ONE", "POISON"]
    assert copy.verify() == []


def test_an_import_waits_for_a_store_that_the_export_does_not_know(open_bank):
    bank, target = open_bank(), open_bank("target.db")
    bank.store().observe("one")
    text = io.StringIO()
    bank.export(text)
    store = target.store("broken")
    target.load(text.getvalue().splitlines())
    assert [item.state for item in store.pending()] == ["waiting"]
    store.retry()
    assert texts(store) == ["ONE"]


def test_a_store_that_an_import_attaches_learns_what_is_there(open_bank):
    bank, target = open_bank(), open_bank("target.db")
    bank.store("broken")
    bank.store().observe("one")
    text = io.StringIO()
    bank.export(text)
    target.store().observe("zero")
    target.load(text.getvalue().splitlines())
    store = target.store("broken")
    store.retry()
    assert texts(store) == ["ONE", "ZERO"]
    assert target.verify() == []


def test_not_applicable_says_what_to_do():
    assert str(NotApplicable("gone", "look")) == "gone (look)"


def test_a_store_that_hangs_does_not_keep_the_process(tmp_path: Path):
    program = (
        "import time\n"
        "from agentmem import Bank, ChangeSet, MemoryStore\n"
        "from agentmem.embedders.hashing import HashingEmbedder\n"
        "class Hangs(MemoryStore):\n"
        "    name = 'hangs'\n"
        "    def interpret(self, events, view): time.sleep(600)\n"
        "    def apply(self, event, view): return ChangeSet()\n"
        "bank = Bank('bank.db', embedder=HashingEmbedder())\n"
        "bank.store(Hangs)\n"
        "print(bank.store().observe('kept', wait=False)[0].status)\n"
        "bank.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "stored\n"


@register
class Picky(MemoryStore):
    """Has records of what it can apply."""

    name = "picky"
    able = False

    def apply(self, event, view):
        if "poison" in event.text and not Picky.able:
            raise ValueError("cannot take this")
        return ChangeSet(records=(Record(id=view.new_id(), text=event.text),) if not event.store else ())


def test_an_observation_that_a_store_cannot_apply_is_kept_and_tried_again(bank: Bank):
    Picky.able = False
    store = bank.store("picky")
    receipts = bank.store().observe("good", Event(id="p", text="poison"), "better")
    assert [receipt.status for receipt in receipts] == ["stored"] * 3
    assert [receipt.pending for receipt in receipts] == [(), ("picky",), ()]
    assert texts(store) == ["better", "good"]
    assert [(item.event_id, item.state) for item in store.pending()] == [("p", "failed")]
    assert "cannot take this" in store.pending()[0].error
    assert bank.store().recall("poison")[0].id == "p"
    assert bank.verify() == []
    assert store.retry()[0].state == "failed"
    Picky.able = True
    assert store.retry() == []
    assert sorted(texts(store)) == ["better", "good", "poison"]
    assert bank.verify() == []


def test_a_store_that_fails_stops_no_forgetting(bank: Bank):
    Picky.able = True
    store = bank.store("picky")
    bank.store().observe("good", Event(id="p", text="poison"), Event(id="s", text="secret"))
    Picky.able = False
    assert bank.forget(NS, events=["s"]).events == ("s",)
    assert bank.store().recall("secret", floor=False, filter='text contains "secret"') == []
    assert "secret" not in texts(store)
    Picky.able = True
