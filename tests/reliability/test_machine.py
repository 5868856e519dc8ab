"""Random lives of a bank, held against a plain-Python model; what must always hold is a function of its own."""

from __future__ import annotations

import random
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from agentmem.bank import Bank
from agentmem.bank.shelf import COLUMNS, Shelf
from agentmem.bank.sources import UuidV7
from agentmem.config import Settings
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import Conflict, NotApplicable
from agentmem.records import ChangeSet, Event, Record, State, Trust
from agentmem.stores import MemoryStore, register
from agentmem.testing import HandClock
from agentmem.testing.looking import difference, exported, journal, snapshot

NS = ("acme", "user/7")
WORDS = ("quince", "medlar", "xylograph", "lighthouse", "harbour", "violin", "Maya", "Ben", "plum", "nine")
SETTINGS = Settings(embedder="hashing")


@register
class Ledger(MemoryStore):
    """One growing record for each session: several sources, a fixed id, a text made of what stands."""

    name = "ledger"

    def apply(self, event, view):
        if event.store or not event.session:
            return ChangeSet()
        id = f"ledger {event.session}"
        old = view.get([id])
        text = f"{old[0].text}\n{event.text}" if old else event.text
        sources = (*(old[0].sources if old else ()), event.id)
        return ChangeSet(records=(Record(id=id, text=text, sources=sources, indexed={"text": text}),))


@dataclass
class Model:
    """What the bank should hold: text and state of each record of the episodic store, by id."""

    records: dict[str, tuple[str, str]] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    forgotten: set[str] = field(default_factory=set)


# Invariants: of any bank, whatever was done to it


def counts(bank: Bank, model: Model) -> None:
    store = bank.store(namespace=NS)
    held = {record.id: (record.text, record.state.value) for record in store.select()}
    assert held == model.records
    stats = bank.stats(NS)
    assert stats.events == len(set(model.events) - model.forgotten)
    assert stats.records.get("episodic", {}).get("live", 0) == sum(s == "live" for _, s in held.values())


def no_duplicates(bank: Bank) -> None:
    for name in ("episodic", "ledger"):
        ids = [record.id for record in bank.store(name, NS).select()]
        assert len(ids) == len(set(ids))
    ids = [event.id for event in bank.view(NS).events()]
    assert len(ids) == len(set(ids))


def finds_exact_texts(bank: Bank, model: Model) -> None:
    live = [(id, text) for id, (text, state) in model.records.items() if state == "live"]
    for id, text in live[:3]:
        hits = bank.store(namespace=NS).recall(text, k=len(live) + 1)
        same = {other for other, said in live if said == text}
        assert id in {hit.id for hit in hits}
        assert {hit.id for hit in hits} >= same


def parts_sum(bank: Bank, questions: list[str]) -> None:
    for name in ("episodic", "ledger"):
        for question in questions:
            for options in ({}, {"mmr": 0.5}, {"dedupe": True}, {"options": {"asks": 0.3}}):
                for hit in bank.store(name, NS).recall(question, floor=False, **options):
                    assert hit.score == pytest.approx(sum(hit.parts.values()), abs=1e-9)


def is_sound(bank: Bank) -> None:
    assert bank.verify() == []


def indexes_equal_fresh_ones(bank: Bank) -> None:
    """Columns, chains and both indexes of every open shelf are those of one that is built anew."""
    for name in ("episodic", "ledger"):
        bank.store(name, NS).recall("anything", floor=False)
    for shelf in bank.library.shelves:
        fresh = Shelf(shelf.numbers, shelf.store, *bank.library.embedder_key)
        with bank.database.read() as connection:
            shelf.refresh(connection)
            fresh.refresh(connection)
        for column in COLUMNS:
            assert shelf.live(column) == fresh.live(column), column
        live = sorted(shelf.live("row"))
        mine, theirs = shelf.slots_of(np.asarray(live, np.int64)), fresh.slots_of(np.asarray(live, np.int64))
        rows = {int(slot): row for slot, row in zip(mine, live, strict=True)}
        fresh_rows = {int(slot): row for slot, row in zip(theirs, live, strict=True)}
        for direction in (-1, 1):
            step = [rows.get(int(slot)) for slot in shelf.chain.step(mine, direction)]
            assert step == [fresh_rows.get(int(slot)) for slot in fresh.chain.step(theirs, direction)]
        query = bank.library.embed_query("quince harbour nine")
        for key, index in fresh.fields.items():
            own = shelf.fields[key]
            assert np.array_equal(
                own.weights("quince harbour nine", mine), index.weights("quince harbour nine", theirs)
            )
            assert np.array_equal(own.cosines(query, mine), index.cosines(query, theirs), equal_nan=True)


def history_is_complete(bank: Bank, model: Model) -> None:
    store = bank.store(namespace=NS)
    for id, (text, state) in model.records.items():
        versions = [version.record for version in store.history(id) if version.record.id == id]
        assert [version.version for version in versions] == list(range(1, len(versions) + 1))
        assert (versions[-1].text, versions[-1].state.value) == (text, state)


def nothing_of_the_forgotten(bank: Bank, model: Model) -> None:
    for line in journal(bank, NS):
        if line["id"] in model.forgotten:
            assert line["state"] == "forgotten"
            assert not {"text", "data", "actor", "session", "about"} & set(line)
    ledger = {source for record in bank.store("ledger", NS).select() for source in record.sources}
    assert not ledger & model.forgotten


def answers_of(bank: Bank, questions: list[str]) -> dict[str, list[tuple[object, ...]]]:
    return {
        f"{name} {question}": [
            (hit.id, hit.record.version, hit.text, hit.score)
            for hit in bank.store(name, NS).recall(question, floor=False, k=50)
        ]
        for name in ("episodic", "ledger")
        for question in questions
    }


def answers_alike(
    first: dict[str, list[tuple[object, ...]]], second: dict[str, list[tuple[object, ...]]]
) -> None:
    for question, hits in first.items():
        others = second[question]
        assert [hit[:3] for hit in hits] == [hit[:3] for hit in others], question
        assert np.allclose([hit[3] for hit in hits], [hit[3] for hit in others], atol=1e-6)


texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
QUESTIONS = ["quince harbour", "What did Maya say about the violin?", "nine"]


class BankMachine(RuleBasedStateMachine):
    """A bank and its model."""

    events = Bundle("events")
    live = Bundle("live")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="agentmem-machine-"))
        self.clock = HandClock()
        self.model = Model()
        self.copies = self.made = 0
        self.ids = UuidV7(random.Random(7))
        self.bank = self.open("bank")

    def open(self, name: str) -> Bank:
        return Bank(
            self.folder / f"{name}.db",
            embedder=HashingEmbedder(),
            settings=SETTINGS,
            clock=self.clock,
            new_id=self.ids,
        )

    @property
    def store(self) -> MemoryStore:
        return self.bank.store(namespace=NS)

    @initialize()
    def attach(self) -> None:
        self.bank.store("ledger", NS)

    def teardown(self) -> None:
        try:
            is_sound(self.bank)
            history_is_complete(self.bank, self.model)
            indexes_equal_fresh_ones(self.bank)
        finally:
            self.bank.close()
            shutil.rmtree(self.folder)

    @rule(
        target=events,
        said=st.lists(
            st.tuples(texts, st.sampled_from(["", "s1", "s2"]), st.sampled_from(["", "Maya"])), max_size=4
        ),
        back=st.integers(0, 3),
        embed=st.booleans(),
    )
    def observe(self, said, back, embed):
        made = []
        for text, session, actor in said:
            self.made += 1
            time = self.clock.now - timedelta(days=back)
            made.append(Event(id=f"e{self.made}", text=text, session=session, actor=actor, time=time))
        receipts = self.store.observe(*made, embed=embed)
        assert [receipt.status for receipt in receipts] == ["stored"] * len(made)
        for event in made:
            self.model.events[event.id] = event
            self.model.records[event.id] = (event.text, "live")
        self.clock.forward(minutes=1)
        return multiple(*(event.id for event in made))

    @rule(id=events)
    def observe_again(self, id):
        receipt = self.store.observe(self.model.events[id])[0]
        assert receipt.status == ("forgotten" if id in self.model.forgotten else "duplicate")

    @rule(id=events)
    def contradict(self, id):
        other = self.model.events[id].model_copy(update={"text": "something else"})
        if id in self.model.forgotten:
            assert self.store.observe(other)[0].status == "forgotten"
        else:
            with pytest.raises(Conflict):
                self.store.observe(other)

    @rule(id=events, text=texts)
    def correct(self, id, text):
        if self.model.records.get(id, ("", ""))[1] != "live":
            if id in self.model.records:
                with pytest.raises(NotApplicable):
                    self.store.correct(id, text)
            return
        before = {record.id for record in self.store.select()}
        self.store.correct(id, text, why="misheard")
        new = {record.id for record in self.store.select()} - before
        self.model.records[id] = (self.model.records[id][0], "superseded")
        self.model.records[new.pop()] = (text, "live")
        assert not new

    @rule(id=events)
    def retract(self, id):
        if id in self.model.records:
            self.store.retract([id])
            text, state = self.model.records[id]
            self.model.records[id] = (text, "retracted" if state == "live" else state)

    @rule(key=st.sampled_from(["k1", "k2"]), text=texts, trust=st.sampled_from([Trust.USER, Trust.AGENT]))
    def put(self, key, text, trust):
        self.store.put(key, text, trust=trust)
        self.read_back()
        standing = [one for one in self.store.select(f'key = "{key}"') if one.state is State.LIVE]
        users = [one for one in standing if one.trust is Trust.USER]
        assert len(standing) <= 2
        assert (text in {one.text for one in standing}) and (trust is Trust.AGENT or text == users[0].text)
        self.clock.forward(minutes=1)

    @rule(id=consumes(events))
    def forget(self, id):
        report = self.bank.forget(NS, events=[id])
        already = id in self.model.forgotten
        assert report.events == (() if already else (id,))
        self.model.forgotten.add(id)
        self.read_back()
        assert id not in self.model.records
        assert self.store.observe(self.model.events[id])[0].status == "forgotten"

    @rule(session=st.sampled_from(["s1", "s2"]))
    def forget_session(self, session):
        meant = {
            id
            for id, one in self.model.events.items()
            if one.session == session and id not in self.model.forgotten
        }
        if meant:
            # Corrections carry no session, so they stand.
            assert meant == set(self.bank.forget(NS, session=session).events)
            self.model.forgotten |= meant
            self.read_back()

    @rule(scrub=st.booleans())
    def reopen(self, scrub):
        before = answers_of(self.bank, QUESTIONS)
        if scrub:
            assert self.bank.scrub() == []
        self.bank.close()
        self.bank = self.open(self.bank.database.path.stem)
        answers_alike(before, answers_of(self.bank, QUESTIONS))

    @rule()
    def rebuild(self):
        before, told = (
            [snapshot(self.bank.store(name, NS)) for name in ("episodic", "ledger")],
            answers_of(self.bank, QUESTIONS),
        )
        self.bank.rebuild(NS)
        for name, was in zip(("episodic", "ledger"), before, strict=True):
            assert difference(was, snapshot(self.bank.store(name, NS))) == ""
        answers_alike(told, answers_of(self.bank, QUESTIONS))

    @rule()
    def export_and_import(self):
        self.copies += 1
        told, lines = answers_of(self.bank, QUESTIONS), exported(self.bank)
        copy = self.open(f"copy{self.copies}")
        report = copy.load(lines)
        assert not report.duplicates
        assert exported(copy)[1:] == lines[1:]
        answers_alike(told, answers_of(copy, QUESTIONS))
        assert copy.load(lines).stored == 0
        self.bank.close()
        self.bank = copy

    @rule()
    def another_process_writes(self):
        self.store.recall("quince")
        self.made += 1
        event = Event(id=f"e{self.made}", text="the other quince", session="s1")
        with self.open(self.bank.database.path.stem) as other:
            other.store(namespace=NS).observe(event)
        self.model.events[event.id] = event
        self.model.records[event.id] = (event.text, "live")
        assert event.id in {hit.id for hit in self.store.recall("the other quince", k=100)}

    def read_back(self) -> None:
        """What became of corrections and puts is checked by the replays; the model learns it here."""
        observed = {id: one for id, one in self.model.records.items() if id in self.model.events}
        for record in self.store.select():
            if record.id not in observed:
                self.model.records[record.id] = (record.text, record.state.value)
            elif record.state is State.LIVE and observed[record.id][1] != "live":
                self.model.records[record.id] = (record.text, "live")  # its correction was forgotten
        ids = {record.id for record in self.store.select()}
        assert set(observed) - self.model.forgotten <= ids
        self.model.records = {id: one for id, one in self.model.records.items() if id in ids}

    @invariant()
    def holds(self) -> None:
        counts(self.bank, self.model)
        no_duplicates(self.bank)
        nothing_of_the_forgotten(self.bank, self.model)

    @rule()
    def look(self):
        is_sound(self.bank)
        finds_exact_texts(self.bank, self.model)
        parts_sum(self.bank, QUESTIONS)
        history_is_complete(self.bank, self.model)
        indexes_equal_fresh_ones(self.bank)


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


class TestLives(BankMachine.TestCase):
    settings = settings(
        max_examples=6, stateful_step_count=12, deadline=None, suppress_health_check=SLOW, derandomize=True
    )


@pytest.mark.slow
class TestManyLives(BankMachine.TestCase):
    settings = settings(max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=SLOW)
