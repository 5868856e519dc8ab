"""Random lives of a bank against its plain-Python specification, at every moment of the past and of the world."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from belief import Belief, Done, Journal, NotApplicable, Says, true_at, turning_points
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from agentmem import errors
from agentmem.bank import Bank
from agentmem.bank.sources import UuidV7
from agentmem.config import Settings
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.records import Event, Record
from agentmem.stores import MemoryStore
from agentmem.testing import HandClock
from agentmem.testing.looking import exported
from agentmem.testing.trial import START

NS = ("acme", "user/7")
WORDS = ("quince", "medlar", "violin", "Maya", "nine")
STATES = ("live", "superseded", "retracted")
MOST = 10_000
BEGUN = 10
"""Acts of the life that each example begins with."""
FILTERS: dict[str, Callable[[Says], bool]] = {
    'state = "live"': lambda one: one.state == "live",
    'not (state = "live")': lambda one: one.state != "live",
    'key = "k1"': lambda one: one.key == "k1",
    "exists key and exists valid_from": lambda one: None not in (one.key, one.begins),
    "not exists valid_to": lambda one: one.ends is None,
    'text contains "quince" or text contains "nine"': lambda one: "quince" in one.text or "nine" in one.text,
    'metadata.tag in ["a", "b"]': lambda one: one.tag in ("a", "b"),
    f'valid_to <= "{START.isoformat()}"': lambda one: one.ends is not None and one.ends <= START,
    f'time >= "{START.isoformat()}"': lambda one: one.time >= START,
    f'expires_at > "{START.isoformat()}"': lambda one: one.expires is not None and one.expires > START,
}

texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
keys = st.sampled_from(["k1", "k1", "k2"])
days = st.integers(-3, 3)
maybe_days = st.none() | days
places = st.integers(0, 10**6)


def says(record: Record, made_by: str) -> Says:
    tag = str(record.metadata.get("tag", ""))
    spans = (record.valid_from, record.valid_to, record.expires_at)
    return Says(
        record.text, record.state.value, record.time, record.key, *spans, tag, record.sources, made_by
    )


class TwoTimes(RuleBasedStateMachine):
    """A bank, its journal in plain Python, and the moments at which something became known."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="agentmem-times-"))
        self.clock = HandClock()
        self.ids = UuidV7(random.Random(11))
        self.journal = Journal()
        self.banks = 0
        self.bank = self.open("bank")

    def open(self, name: str) -> Bank:
        given = {"settings": Settings(embedder="hashing"), "embedder": HashingEmbedder()}
        return Bank(self.folder / f"{name}.db", clock=self.clock, new_id=self.ids, **given)

    @property
    def store(self) -> MemoryStore:
        return self.bank.store(namespace=NS)

    def teardown(self) -> None:
        try:
            self.look_at_every_moment()
            assert self.bank.verify() == []
        finally:
            self.bank.close()
            shutil.rmtree(self.folder)

    def day(self, days: int | None) -> datetime | None:
        return None if days is None else START + timedelta(days=days)

    def known(self, place: int) -> str | None:
        """Some record, in whatever state."""
        ids = sorted(self.journal.believed().versions)
        return ids[place % len(ids)] if ids else None

    def did(self, act: Done) -> None:
        self.journal.acts.append(act)
        self.clock.forward(minutes=1)

    @initialize(seed=st.integers(0, 10**9))
    def begin(self, seed):
        """A life to start from: small examples, as they are tried first, would hold too few acts."""
        choose = random.Random(seed)

        def text() -> str:
            return " ".join(choose.choices(WORDS, k=choose.randint(1, 3)))

        def day() -> int | None:
            return choose.choice([None, None, *range(-3, 4)])

        def place() -> int:
            return choose.randrange(1_000)

        for _ in range(BEGUN):
            act = choose.choice(["observe", "put", "put", "put", "correct", "correct", "retract", "forget"])
            if act == "observe":
                self.observe(text(), choose.randrange(4))
            elif act == "put":
                self.put("k1", text(), day(), day(), choose.choice([0, 0, 2]))
            elif act == "correct":
                self.correct(place(), text(), day())
            elif act == "retract":
                self.retract(place())
            else:
                self.forget(place(), choose.random() < 0.3)

    # What is done

    @rule(text=texts, ago=st.integers(0, 3))
    def observe(self, text, ago):
        number = len(self.journal.acts)
        event = Event(id=f"e{number}", text=text, time=self.clock.now - timedelta(days=ago))
        self.store.observe(event)
        self.did(Done(event.id, self.clock.now, "observe", text, event.time))

    @rule(key=keys, text=texts, since=maybe_days, expires=maybe_days, ago=st.sampled_from([0, 0, 2]))
    def put(self, key, text, since, expires, ago):
        time = self.clock.now - timedelta(days=ago)
        given = {"since": self.day(since), "expires_at": self.day(expires), "time": time}
        receipt = self.store.put(key, text, metadata={"tag": "b"}, **given)
        dates = {"since": given["since"], "expires": given["expires_at"]}
        self.did(Done(receipt.event_id, self.clock.now, "put", text, time, key=key, tag="b", **dates))

    @rule(place=places, text=texts, since=maybe_days)
    def correct(self, place, text, since):
        id = self.known(place)
        if id is None:
            return
        belief = self.journal.believed()
        old = belief.now()[id]
        kept = {"key": old.key, "expires": old.expires, "tag": old.tag, "since": self.day(since)}
        kept["stood"] = belief.stood(id)
        act = Done("", self.clock.now, "correct", text, self.clock.now, about=id, **kept)
        try:
            belief.apply(act)
        except NotApplicable:
            with pytest.raises(errors.NotApplicable):
                self.store.correct(id, text, since=kept["since"])
            return
        receipt = self.store.correct(id, text, since=kept["since"])
        self.did(Done(receipt.event_id, self.clock.now, "correct", text, self.clock.now, about=id, **kept))

    @rule(place=places)
    def retract(self, place):
        id = self.known(place)
        if id is not None:
            stood = self.journal.believed().stood(id)
            receipt = self.store.retract([id])[0]
            self.did(Done(receipt.event_id, self.clock.now, "retract", "", self.clock.now, id, stood))

    @rule(place=places, whole=st.booleans())
    def forget(self, place, whole):
        """Any act, be it an observation, a statement, a correction, or a retraction; or all of a record's."""
        acts, id = self.journal.remembered(), self.known(place)
        if whole and id is not None:
            self.bank.forget(NS, records=[id])
            versions = self.journal.believed().versions[id]
            self.journal.forgotten |= {source for one in versions for source in one.sources}
        elif acts:
            id = acts[place % len(acts)].id
            self.bank.forget(NS, events=[id])
            self.journal.forgotten.add(id)
        self.clock.forward(minutes=1)

    @rule(days=st.integers(1, 2))
    def time_passes(self, days):
        self.clock.forward(days=days)

    # What must change nothing

    @precondition(lambda self: self.journal.acts)
    @rule(how=st.sampled_from(["reopen", "rebuild", "export and import", "scrub"]))
    def change_nothing(self, how):
        if how == "rebuild":
            self.bank.rebuild(NS)
        elif how == "scrub":
            assert self.bank.scrub() == []
        elif how == "reopen":
            self.bank.close()
            self.bank = self.open(self.bank.database.path.stem)
        else:
            self.banks += 1
            copy = self.open(f"copy{self.banks}")
            copy.load(exported(self.bank))
            self.bank.close()
            self.bank = copy

    @rule(text=texts)
    def another_writes(self, text):
        self.store.recall(text)
        event = Event(id=f"e{len(self.journal.acts)}", text=text, time=self.clock.now)
        with self.open(self.bank.database.path.stem) as other:
            other.store(namespace=NS).observe(event)
        self.did(Done(event.id, self.clock.now, "observe", text, event.time))

    # What must hold

    @invariant()
    def the_present_is_what_is_believed(self):
        belief = self.journal.believed()
        held = {record.id: record for record in self.store.select()}
        assert {id: says(one, belief.now()[id].made_by) for id, one in held.items()} == belief.now()
        assert {hit.id for hit in self.store.recall("", k=MOST)} == true_at(belief, self.clock.now)

    @rule()
    def look_at_every_moment(self):
        moments = sorted({act.recorded for act in self.journal.acts})
        for moment in [START - timedelta(days=1), *moments, self.clock.now]:
            self.look(moment, self.journal.believed(moment))
        self.look_at_histories(self.journal.believed())

    def look(self, known_at: datetime, belief: Belief) -> None:
        view = self.bank.view(NS, known_at=known_at)
        for expression, passes in [("", lambda one: True), *FILTERS.items()]:
            found = {record.id for record in view.select(expression or None)}
            assert found == {id for id, one in belief.now().items() if passes(one)}, expression
        texts = {record.id: record.text for record in view.select()}
        assert texts == {id: one.text for id, one in belief.now().items()}
        observed = {
            act.id for act in self.journal.remembered() if act.what == "observe" and act.recorded <= known_at
        }
        assert {event.id for event in view.events()} == observed
        turns = set(turning_points(belief))
        early = {turn - timedelta(microseconds=1) for turn in turns}
        for at in {known_at, START - timedelta(days=9), *turns, *early}:
            hits = self.store.recall("", known_at=known_at, at=at, k=MOST)
            assert {hit.id for hit in hits} == true_at(belief, at)
            assert [hit.record.time for hit in hits] == sorted(
                (hit.record.time for hit in hits), reverse=True
            )
        every = self.store.recall("", known_at=known_at, states=STATES, k=MOST)
        assert {hit.id for hit in every} == true_at(belief, known_at, STATES)
        self.ask(known_at, belief)

    def ask(self, known_at: datetime, belief: Belief) -> None:
        """With words, and with a time in which it happened."""
        live = true_at(belief, known_at)
        day = START - timedelta(days=1)
        for id in sorted(live)[:2]:
            text = belief.now()[id].text
            hits = self.store.recall(text, known_at=known_at, floor=False, k=MOST)
            assert id in {hit.id for hit in hits}
            assert {hit.id for hit in hits} <= live
            assert all(hit.text == belief.now()[hit.id].text for hit in hits)
            after = self.store.recall(text, known_at=known_at, since=day, floor=False, k=MOST)
            assert {hit.id for hit in after} == {hit.id for hit in hits if belief.now()[hit.id].time >= day}
            before = self.store.recall(text, known_at=known_at, until=day, floor=False, k=MOST)
            assert {hit.id for hit in before} == {hit.id for hit in hits if belief.now()[hit.id].time <= day}

    def look_at_histories(self, belief: Belief) -> None:
        for id, versions in belief.versions.items():
            told = [(one.record, one.event_id) for one in self.store.history(id) if one.record.id == id]
            assert [says(record, event_id) for record, event_id in told] == versions
            assert [record.version for record, _ in told] == list(range(1, len(versions) + 1))
        links = self.bank.view(NS).links(belief.versions, "supersedes")
        assert {(link.source, link.target) for link in links} == belief.over


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


class TestTwoTimes(TwoTimes.TestCase):
    settings = settings(
        max_examples=4,
        stateful_step_count=5,
        deadline=None,
        suppress_health_check=SLOW,
        derandomize=True,
        phases=(Phase.generate,),  # to find the least example takes minutes
    )


@pytest.mark.slow
class TestTwoTimesOften(TwoTimes.TestCase):
    settings = settings(max_examples=30, stateful_step_count=20, deadline=None, suppress_health_check=SLOW)
