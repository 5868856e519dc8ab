"""What is due: found by an index of what stands now, right in views of the past too."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem.bank import Bank
from agentmem.bank.view import ApplyView
from agentmem.db import versions
from agentmem.db.conditions import current, due_before
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.records import ChangeSet, Event, Record, State
from agentmem.stores.base import MemoryStore
from agentmem.testing import HandClock
from agentmem.testing.trial import START

pytestmark = pytest.mark.on_file

NS = ("default",)


class Rounds(MemoryStore):
    """What is observed is due a day later, and after each `advance` that finds it due a day later still."""

    name: ClassVar[str] = "rounds"

    def apply(self, event: Event, view: ApplyView) -> ChangeSet:
        due_at = event.happened + timedelta(days=1)
        if not event.store:
            made = Record(id=view.new_id(), text=event.text, due_at=due_at)
            return ChangeSet(records=(made,))
        moved = {"due_at": due_at} if event.type == "advance" else {"due_at": None, "why": "done"}
        found = view.due(event.happened) if event.type == "advance" else view.get(event.about)
        return ChangeSet(records=tuple(one.revised(**moved) for one in found))


def watched(bank: Bank, asked) -> tuple[object, list[str], int]:
    """What `asked` gives, the plan of the statement that reads records, and how many steps SQLite took."""
    statements: list[str] = []
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    with bank.database.read() as connection:
        raw: sqlite3.Connection = connection.connection.driver_connection
        raw.set_trace_callback(statements.append)
        raw.set_progress_handler(count, 1)
        try:
            answer = asked(connection)
        finally:
            raw.set_trace_callback(None)
            raw.set_progress_handler(None, 0)
        reading = next(one for one in statements if "FROM record" in one)
        plan = [row[3] for row in raw.execute("EXPLAIN QUERY PLAN " + reading)]
    return answer, plan, steps


def test_where_nothing_is_due_no_record_is_read_however_many_were_due_before(bank: Bank, clock: HandClock):
    store = bank.store(Rounds, NS)
    store.observe(*(Event(text=f"round {n}", time=clock.now) for n in range(20)), embed=False)

    def nothing_due(connection):
        where = [*due_before(clock.now), current()]
        return versions.find(connection, [1], "rounds", None, where, order="due")

    def looked() -> int:
        found, plan, steps = watched(bank, nothing_due)
        assert found == []
        assert [line for line in plan if line.startswith(("SCAN", "SEARCH record"))] == [
            "SEARCH record USING INDEX record_by_due (namespace=? AND store=? AND due_at<?)"
        ]
        assert not any("TEMP B-TREE" in line for line in plan)
        return steps

    few = looked()
    for _ in range(30):
        clock.forward(days=2)
        store.advance(clock.now)
    assert len(store.history(store.select()[0].id)) == 31
    assert looked() == few
    view = bank.view(NS, store="rounds")
    assert view.due(clock.now) == []
    assert len(view.due(clock.now + timedelta(days=1, seconds=1))) == 20


def test_the_index_serves_several_namespaces_too(bank: Bank, clock: HandClock):
    for name in ("a", "b"):
        bank.store(Rounds, (name,)).observe(Event(text="round", time=clock.now), embed=False)
    found, plan, _ = watched(
        bank,
        lambda connection: versions.find(
            connection,
            [1, 2],
            "rounds",
            None,
            [*due_before(clock.now + timedelta(days=2)), current()],
            order="due",
        ),
    )
    assert len(found) == 2
    assert any("USING INDEX record_by_due" in line for line in plan)


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.sampled_from(["observe", "advance", "done", "wait"]), st.integers(0, 9)), max_size=10
    )
)
def test_what_is_due_now_or_then_is_what_looking_at_every_version_finds(acts):
    clock = HandClock()
    with Bank("sqlite://", embedder=HashingEmbedder(), clock=clock) as bank:
        store = bank.store(Rounds, NS)
        store.observe("first")
        for what, which in acts:
            records = store.select()
            if what == "observe":
                store.observe(f"said {which}", embed=False)
            elif what == "advance":
                store.advance(clock.now)
            elif what == "done":
                store.feedback([records[which % len(records)].id], "done")
            clock.forward(hours=which)
        view = bank.view(NS, store="rounds")
        with bank.database.read() as connection:
            every = versions.find(connection, [1], "rounds", None)
        for seen in range(view.seen + 1):
            for at in (clock.now, START + timedelta(days=1, hours=3)):
                expected = [
                    one
                    for one in every
                    if one.from_seq <= seen < (one.to_seq or seen + 1)
                    and one.due_at is not None
                    and one.due_at < at
                    and one.state is State.LIVE
                ]
                found = view.as_of(seen).due(at)
                assert [(one.id, one.version) for one in found] == [
                    (one.id, one.version) for one in sorted(expected, key=lambda one: one.due_at)
                ]
