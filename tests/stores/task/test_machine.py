"""Random lives of a task forest, held against one in plain Python that follows the definitions."""

from __future__ import annotations

import copy
import random
import shutil
import tempfile
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from plain_forest import Forest, No

from agentmem.bank import Bank, MemorySpec
from agentmem.bank.sources import UuidV7, record_id
from agentmem.config import Settings
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import InvalidInput, NotApplicable, Refused
from agentmem.records import Trust
from agentmem.stores.task import operations
from agentmem.stores.task.graph import TaskGraph
from agentmem.stores.task.store import TaskMemory
from agentmem.testing import HandClock
from agentmem.testing.looking import difference, exported, snapshot

NS = ("acme", "trip")
NONE = MemorySpec(store="task", options={"trim": "none"})
VALUES = ("Rome", "Oslo", "Cork", "four nights")
SESSIONS = ("", "s1", "s2")
WRONG = (NotApplicable, Refused, InvalidInput)
which = st.integers(0, 11)
values = st.sampled_from(VALUES)
late = st.sampled_from([0, 0, 0, 3, 10])
trusts = st.sampled_from([Trust.USER, Trust.USER, Trust.AGENT])


def seen(graph: TaskGraph) -> dict[str, Any]:
    """What a graph says, but for who is active."""
    pending = {"active": "pending"}
    return {
        "nodes": {
            id: (node.kind, node.slot, node.value, pending.get(node.status.value, node.status.value))
            for id, node in graph.nodes.items()
        },
        "parents": {(edge.source, edge.target) for edge in graph.parents},
        "needs": {(edge.source, edge.target) for edge in graph.needs},
        "stale": set(graph.stale),
    }


def expected(forest: Forest) -> dict[str, Any]:
    return {
        "nodes": {
            id: (node.kind, node.slot, node.value, node.status) for id, node in forest.standing().items()
        },
        "parents": set(forest.between("parent")),
        "needs": set(forest.between("depends_on")),
        "stale": set(forest.stale()),
    }


class ForestMachine(RuleBasedStateMachine):
    """A task memory and its model."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="agentmem-forest-"))
        self.clock = HandClock()
        self.ids = UuidV7(random.Random(7))
        self.copies = 0
        self.bank = self.open("bank")
        self.forest = Forest()
        self.done: list[tuple[int, str, dict[str, Any]]] = []
        self.events: list[str] = []
        self.forgotten: set[int] = set()
        self.past: list[tuple[datetime, dict[str, Any]]] = []

    def open(self, name: str) -> Bank:
        return Bank(
            self.folder / f"{name}.db",
            embedder=HashingEmbedder(),
            settings=Settings(embedder="hashing"),
            clock=self.clock,
            new_id=self.ids,
        )

    @property
    def task(self) -> TaskMemory:
        return self.bank.store(NONE, NS)

    def teardown(self) -> None:
        try:
            assert self.bank.verify() == []
        finally:
            self.bank.close()
            shutil.rmtree(self.folder)

    # One operation, here and there

    def do(self, name: str, carry, *, makes: str = "", **told: Any) -> None:
        """Carry out an operation by `carry`, which returns its receipt, and in the model."""
        n = len(self.done)
        trial = copy.deepcopy(self.forest)
        told = {"time": self.clock.now, "trust": Trust.USER, **told}
        try:
            receipt = carry()
        except WRONG:
            with pytest.raises(No):
                trial.do(n, name, **{**told, makes: "new"} if makes else told)
            return
        if makes:
            told[makes] = record_id(receipt.event_id, "task", 0)
        trial.do(n, name, **told)
        self.forest = trial
        self.done.append((n, name, told))
        self.events.append(receipt.event_id)
        if self.past:
            assert self.past[-1][0] < self.clock.now
        self.past.append((self.clock.now, expected(trial)))
        self.clock.forward(minutes=1)

    def operate(self, name: str, operation: Any, *, session: str = "", makes: str = "", **told: Any) -> None:
        given = {key: told[key] for key in ("time", "trust") if key in told}
        self.do(name, lambda: self.task.do(operation, session=session, **given), makes=makes, **told)

    def id(self, which: int) -> str:
        """A node, whatever became of it; the newest ones first."""
        known = list(self.forest.nodes)
        return known[-1 - which % len(known)]

    def ago(self, minutes: int) -> datetime:
        return self.clock.now - timedelta(minutes=minutes)

    @initialize()
    def begin(self):
        self.add("trip", "task", None, [], [])
        self.add("city", "step", "Rome", [0], [])
        self.add("hotel", "step", "Roma", [1], [0])

    @rule(
        slot=st.sampled_from(["city", "hotel", "menu"]),
        kind=st.sampled_from(["step", "step", "step", "task"]),
        value=st.none() | values,
        parents=st.lists(which, max_size=2),
        on=st.lists(which, max_size=2),
    )
    def add(self, slot, kind, value, parents, on):
        parents, on = ([self.id(one) for one in some] for some in (parents, on))
        value = None if kind == "task" else value
        operation = operations.Add(slot=slot, kind=kind, value=value, parents=parents, depends_on=on)
        told = {"slot": slot, "kind": kind, "value": value, "parents": parents, "on": on}
        self.operate("add", operation, makes="id", **told)

    @rule(which=which, value=values, minutes=late, trust=trusts)
    def update(self, which, value, minutes, trust):
        id, time = self.id(which), self.ago(minutes)
        self.operate(
            "update", operations.Update(node=id, value=value), id=id, value=value, time=time, trust=trust
        )

    @rule(which=which, slot=st.sampled_from(["town", "inn"]))
    def rename(self, which, slot):
        id = self.id(which)
        self.operate("rename", operations.Update(node=id, slot=slot), id=id, slot=slot)

    @rule(which=which, to=st.none() | values, minutes=late, trust=trusts)
    def rollback(self, which, to, minutes, trust):
        id, time = self.id(which), self.ago(minutes)
        self.operate("rollback", operations.Rollback(node=id, to=to), id=id, to=to, time=time, trust=trust)

    @rule(which=which, on=which, holds=st.sampled_from([True, True, False]))
    def depend(self, which, on, holds):
        id, other = self.id(which), self.id(on)
        operation = operations.Depend(node=id, on=(other,), holds=holds)
        self.operate("depend", operation, id=id, on=other, holds=holds)

    @rule(which=which, parent=which)
    def hang(self, which, parent):
        id, other = self.id(which), self.id(parent)
        self.operate("hang", operations.Merge(node=id, parents=(other,)), id=id, parent=other)

    @rule(which=which, twin=which)
    def merge(self, which, twin):
        id, other = self.id(which), self.id(twin)
        stale = set(self.forest.stale())
        self.operate("merge", operations.Merge(node=id, duplicate=other), id=id, twin=other)
        assert stale & set(self.forest.standing()) <= set(self.task.graph().stale)

    @rule(which=which, value=st.none() | values)
    def replace(self, which, value):
        id = self.id(which)
        operation = operations.Replace(node=id, slot="instead", value=value)
        self.operate("replace", operation, makes="new", id=id, slot="instead", value=value)

    @rule(which=which, status=st.sampled_from(["done", "failed"]))
    def complete(self, which, status):
        id = self.id(which)
        kind = operations.Complete if status == "done" else operations.Fail
        self.operate("complete", kind(node=id), id=id, status=status)

    @rule(which=which, session=st.sampled_from(SESSIONS))
    def activate(self, which, session):
        id = self.id(which)
        before = len(self.done)
        carry = lambda: self.task.do(operations.Activate(node=id), session=session)  # noqa: E731
        self.do("activate", carry, id=id, session=session)
        if len(self.done) > before and self.forest.nodes[id].status == "pending":
            assert self.task.active(session).id == self.task.active().id == id

    @rule(which=which, value=values)
    def correct(self, which, value):
        id = self.id(which)
        node = self.forest.nodes[id]
        told = {"id": id, "slot": node.slot, "kind": node.kind, "value": value}
        self.do("correct", lambda: self.task.correct(id, value), makes="new", **told)

    @rule(which=which)
    def retract(self, which):
        id = self.id(which)
        self.do("retract", lambda: self.task.retract([id])[0], id=id)

    @rule(which=which)
    def undo(self, which):
        id = self.id(which)
        left = self.forest.nodes[id].left
        taker = None if left is None else left.taker
        gone = taker and taker.state == "live" and taker.stated <= left.n and left.taker_was == "unborn"
        stale = set(self.forest.stale())
        self.do("undo", lambda: self.task.undo(id), id=id, made=[taker.id] if gone else [])
        graph = self.task.dependents([id])
        assert stale & nx.ancestors(graph.dependencies, id) <= set(graph.stale)

    # What is done to the bank

    @precondition(lambda self: len(self.done) > 3)
    @rule(which=which)
    def forget(self, which):
        n = len(self.done) - 1 - which % len(self.done)
        self.bank.forget(NS, events=[self.events[n]])
        self.forgotten.add(n)
        self.forest = Forest.of(one for one in self.done if one[0] not in self.forgotten)
        self.past.clear()
        if not self.forest.nodes:
            self.begin()

    @rule()
    def rebuild(self):
        before = snapshot(self.task)
        self.bank.rebuild(NS)
        assert difference(before, snapshot(self.task)) == ""

    @rule()
    def export_and_import(self):
        self.copies += 1
        before, lines = snapshot(self.task), exported(self.bank)
        other = self.open(f"copy{self.copies}")
        other.load(lines)
        self.bank.close()
        self.bank = other
        again = snapshot(self.task)
        assert set(again[0]) == set(before[0])
        assert [record.payload for record in again[0].values()] == [
            before[0][name].payload for name in again[0]
        ]

    @precondition(lambda self: self.past)
    @rule(place=st.integers(0, 30))
    def look_back(self, place):
        moment, was = self.past[place % len(self.past)]
        assert seen(self.task.graph(known_at=moment)) == was

    @rule(budget=st.sampled_from([0, 20, 60, 300]), text=st.sampled_from(["", "city Rome"]))
    def ask(self, budget, text):
        context = self.task.synthesize(text, budget)
        assert context.tokens <= budget
        standing = self.forest.standing()
        assert {item.id for item in context.items} <= set(standing) | {
            one.id for one in self.task.select('type = "alternative"')
        }

    # What always holds

    @invariant()
    def holds(self):
        graph = self.task.graph()
        assert seen(graph) == expected(self.forest)
        assert nx.is_directed_acyclic_graph(graph.tree)
        assert nx.is_directed_acyclic_graph(graph.dependencies)
        busy = Counter(session for node in graph.nodes.values() for session in node.active_in)
        assert all(often == 1 for often in busy.values())

    @invariant()
    def no_revision_is_lost(self):
        for id in self.forest.nodes:
            assert [one.value for one in self.task.revisions(id)] == self.forest.revisions(id)
            node = self.forest.nodes[id]
            current = [one.value for one in self.task.revisions(id) if one.current]
            assert current == ([] if node.now is None else [node.value])


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


class TestForests(ForestMachine.TestCase):
    settings = settings(
        max_examples=5, stateful_step_count=16, deadline=None, suppress_health_check=SLOW, derandomize=True
    )


@pytest.mark.slow
class TestManyForests(ForestMachine.TestCase):
    settings = settings(max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=SLOW)
