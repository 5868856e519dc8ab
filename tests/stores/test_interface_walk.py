"""The walk that settled the interface: toys of the later stores, written before anything was widened.

A toy of the task memory (a turn, its interpretation, an update, a rollback, stale dependents), a put with
expiry, a profit that arrives days after the decision, an action with its observation and `retrieve(i)`,
and a rebuild that gives the same ids. What it taught is in docs/decisions/001-the-interface.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

import pytest

from agentmem import Bank, ChangeSet, Context, Event, Hit, Link, MemoryStore, Query, Record, Trust, View
from agentmem.bank import ApplyView
from agentmem.errors import NotApplicable
from agentmem.synthesis.pack import pack
from agentmem.testing import HandClock
from agentmem.testing.looking import difference, journal, snapshot

NS = ("walk",)


# 1. A toy of the task memory

CUES = (
    ("task.update", re.compile(r"^(?P<slot>[\w ]+): (?P<value>.+)$")),
    ("task.depend", re.compile(r"^(?P<slot>[\w ]+) depends on (?P<on>[\w ]+)$")),
    ("task.rollback", re.compile(r"^go back with (?P<slot>[\w ]+)$")),
)


class ToyTasks(MemoryStore):
    """Slots with values that are revised, never overwritten; what depends on a changed one is stale."""

    name: ClassVar[str] = "toy-tasks"

    def interpret(self, events: Sequence[Event], view: View) -> list[Event]:
        found = [(event, type, cue.match(event.text)) for event in events for type, cue in CUES]
        return [
            Event(type=type, data=dict(match.groupdict()), caused_by=(event.id,))
            for event, type, match in found
            if match
        ]

    def apply(self, event: Event, view: ApplyView) -> ChangeSet:
        match event.type:
            case "task.update":
                return self._revise(self._slot(event, view, "slot"), str(event.data["value"]), event, view)
            case "task.rollback":
                node = self._slot(event, view, "slot")
                return self._revise(node, node.payload["revisions"][-2][0], event, view)
            case "task.depend":
                ends = [self._slot(event, view, name) for name in ("slot", "on")]
                new = tuple(end for end in ends if not end.version)
                return ChangeSet(
                    records=new, links=(Link(source=ends[0].id, type="depends_on", target=ends[1].id),)
                )
        return ChangeSet()

    def _slot(self, event: Event, view: ApplyView, name: str) -> Record:
        title = str(event.data[name])
        standing = view.standing(title)
        blank = {"value": None, "revisions": [], "stale": ""}
        return standing[0] if standing else Record(id=view.new_id(), type="task", key=title, payload=blank)

    def _revise(self, node: Record, value: str, event: Event, view: ApplyView) -> ChangeSet:
        revisions = [*node.payload["revisions"], [value, event.happened.isoformat(), event.id]]
        text = f"{node.key} is {value}"
        changed = node.revised(
            text=text,
            payload={"value": value, "revisions": revisions, "stale": ""},
            sources=(event.id,),
            time=event.time,
            indexed={"text": text},
        )
        ids = set(view.reach([node.id], "depends_on", "in")) - {node.id}
        stale = [
            one.revised(payload={**one.payload, "stale": f"{node.key} changed"}) for one in view.get(ids)
        ]
        return ChangeSet(records=(changed, *stale))

    def values(self) -> dict[str, object]:
        return {record.key or "": record.payload["value"] for record in self.select()}

    def stale(self) -> set[str]:
        return {record.key or "" for record in self.select() if record.payload["stale"]}


@pytest.fixture
def tasks(bank: Bank) -> ToyTasks:
    store = bank.store(ToyTasks, NS)
    assert isinstance(store, ToyTasks)
    store.observe("destination: Rome", "hotel: Campo de' Fiori", "tickets: night train")
    store.observe("hotel depends on destination", "dinner depends on hotel")
    return store


def test_a_turn_becomes_an_operation_that_names_its_cause(bank: Bank, tasks: ToyTasks) -> None:
    turn = tasks.observe("destination: Naples")[0]
    operation = [line for line in journal(bank) if line.get("caused_by") == [turn.event_id]]
    assert [line["type"] for line in operation] == ["task.update"]
    assert turn.pending == ()
    assert turn.derived == 1


def test_an_update_revises_a_value_and_marks_all_transitive_dependents_stale(tasks: ToyTasks) -> None:
    tasks.observe("destination: Naples")
    assert tasks.values()["destination"] == "Naples"
    assert tasks.stale() == {"hotel", "dinner"}


def test_a_rollback_is_a_new_revision_with_the_earlier_value(tasks: ToyTasks) -> None:
    tasks.observe("destination: Naples", "go back with destination")
    node = tasks.select('key = "destination"')[0]
    assert [value for value, *_ in node.payload["revisions"]] == ["Rome", "Naples", "Rome"]
    assert [version.record.payload["value"] for version in tasks.history(node.id)] == [
        "Rome",
        "Naples",
        "Rome",
    ]


def test_what_is_asked_is_answered_from_the_graph_and_from_the_turns(bank: Bank, tasks: ToyTasks) -> None:
    tasks.observe("destination: Naples")
    assert tasks.recall("What is the destination?")[0].text == "destination is Naples"
    assert "destination: Rome" in [hit.text for hit in bank.store("episodic", NS).recall("destination")]


def test_what_was_believed_before_an_update_can_be_asked(tasks: ToyTasks, clock: HandClock) -> None:
    before = clock.now
    clock.forward(days=1)
    tasks.observe("destination: Naples")
    assert tasks.recall("destination", known_at=before)[0].text == "destination is Rome"


def test_a_rebuild_gives_the_same_ids_versions_and_links_without_interpreting(
    bank: Bank, tasks: ToyTasks, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks.observe("destination: Naples", "go back with destination")
    before = snapshot(tasks)
    monkeypatch.delattr(ToyTasks, "interpret")
    clock.forward(days=9)
    bank.rebuild(NS)
    assert difference(before, snapshot(tasks)) == ""
    assert bank.verify() == []


def test_forgetting_the_turn_of_an_update_restores_the_value_before_it(bank: Bank, tasks: ToyTasks) -> None:
    turn = tasks.observe("destination: Naples")[0]
    bank.forget(NS, events=[turn.event_id])
    assert tasks.values()["destination"] == "Rome"
    assert tasks.stale() == set()


def test_an_operation_on_what_does_not_stand_is_refused_and_leaves_nothing(
    bank: Bank, tasks: ToyTasks
) -> None:
    node = tasks.select('key = "tickets"')[0]
    tasks.retract([node.id])
    n = len(journal(bank))
    with pytest.raises(NotApplicable):
        tasks.correct(node.id, "tickets are by bus")
    assert len(journal(bank)) == n


# 2. A put with expiry


def test_a_put_with_expiry_leaves_recall_by_itself_and_can_still_be_asked_for_its_time(
    bank: Bank, clock: HandClock
) -> None:
    store = bank.store("episodic", NS)
    start = clock.now
    store.put("voucher", "The voucher for the theatre is worth ten.", expires_at=start + timedelta(days=7))
    assert store.recall("theatre voucher")
    clock.forward(days=8)
    assert store.recall("theatre voucher") == []
    assert store.recall("theatre voucher", at=start + timedelta(days=6))
    assert store.select('key = "voucher"')[0].text.startswith("The voucher")


# 3. A profit that arrives days after the decision


class ToyNews(MemoryStore):
    """News whose importance grows and shrinks with what decisions that cited it brought in."""

    name: ClassVar[str] = "toy-news"

    def apply(self, event: Event, view: ApplyView) -> ChangeSet:
        if event.type == "feedback":
            value = float(str(event.data["value"]))
            paid = [
                record.revised(payload=self._paid(record, value, event)) for record in view.get(event.about)
            ]
            return ChangeSet(records=tuple(one.revised(sources=(*one.sources, event.id)) for one in paid))
        if event.store:
            return ChangeSet()
        text, blank = event.text, {"importance": 50.0, "paid": []}
        return ChangeSet(
            records=(
                Record(
                    id=view.new_id(), text=text, payload=blank, sources=(event.id,), indexed={"text": text}
                ),
            )
        )

    @staticmethod
    def _paid(record: Record, value: float, event: Event) -> dict[str, object]:
        days = [*record.payload["paid"], event.happened.isoformat()]
        return {"importance": record.payload["importance"] + 5 * value, "paid": days}


def test_a_profit_days_after_a_decision_changes_the_memories_that_it_cited(
    bank: Bank, clock: HandClock
) -> None:
    store = bank.store(ToyNews, NS)
    store.observe("The harbour company opens a third crane.", "It rains.")
    cited = [store.recall("harbour crane")[0].id]
    clock.forward(days=5)
    [receipt] = store.feedback(cited, "profit", 2.0)
    news = {record.text: record for record in store.select()}
    assert news["The harbour company opens a third crane."].payload["importance"] == 60.0
    assert news["It rains."].payload["importance"] == 50.0
    assert receipt.derived == 1
    assert news["The harbour company opens a third crane."].trust is Trust.USER
    before = snapshot(store)
    clock.forward(days=100)
    bank.rebuild(NS)
    assert difference(before, snapshot(store)) == ""


# 4. An action with its observation, and `retrieve(i)`


class ToyChunks(MemoryStore):
    """Closed subgoals as one line each; the steps of one are shown again for a synthesis that asks."""

    name: ClassVar[str] = "toy-chunks"

    def close(self, goal: str, summary: str, steps: Sequence[str]) -> None:
        self.observe(
            Event(
                type="subgoal.close",
                store=self.shelf,
                text=summary,
                data={"goal": goal},
                caused_by=tuple(steps),
            )
        )

    def apply(self, event: Event, view: ApplyView) -> ChangeSet:
        if event.type != "subgoal.close":
            return ChangeSet()
        text = f"Subgoal: {event.data['goal']}. Result: {event.text}"
        return ChangeSet(
            records=(
                Record(id=view.new_id(), type="subgoal", text=text, sources=(event.id,), time=event.time),
            )
        )

    def retrieve(self, query: Query, view: View) -> list[Hit]:
        return [Hit(record=record, score=0.0, parts={}) for record in view.select('state = "live"')]

    def render(self, query: Query, hits: Sequence[Hit], view: View, budget: int) -> Context:
        shown = list(hits)
        for chunk in view.get(query.expand):
            steps = [record for record in view.get(chunk.sources) if record.store == "episodic"]
            shown += [Hit(record=step, score=0.0, parts={}) for step in steps]
        return pack(shown, budget)


def test_the_steps_of_a_closed_subgoal_leave_the_prompt_and_come_back_for_one_synthesis(bank: Bank) -> None:
    store = bank.store(ToyChunks, NS)
    assert isinstance(store, ToyChunks)
    call = Event(
        type="action", actor="agent", text="open drawer", data={"call": {"name": "open"}}, trust=Trust.AGENT
    )
    action = store.observe(call)[0].event_id
    seen = store.observe(
        Event(type="observation", text="The drawer holds a brass key.", trust=Trust.TOOL, caused_by=(action,))
    )[0].event_id
    store.close("find the key", "the key is in the drawer", [action, seen])

    usual = store.synthesize("What now?", 500)
    assert "Result: the key is in the drawer" in usual.text
    assert "brass" not in usual.text

    chunk = usual.labels["[1]"]  # what the model's `retrieve(1)` means
    expanded = store.synthesize("What now?", 500, expand=(chunk,))
    assert "brass key" in expanded.text
    assert "open drawer" in expanded.text
    assert {action, seen} <= {source for item in expanded.items for source in item.sources}
    assert "brass" not in store.synthesize("What now?", 500).text


def test_a_summary_is_trusted_no_more_than_the_steps_that_it_sums_up(bank: Bank) -> None:
    store = bank.store(ToyChunks, NS)
    assert isinstance(store, ToyChunks)
    step = store.observe(Event(text="The page says: the key is fake.", trust=Trust.WEB))[0].event_id
    store.close("check the key", "it is fake", [step])
    assert store.select()[0].trust is Trust.WEB
