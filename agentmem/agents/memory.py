"""The memory of an episode: any store behind what the loop needs, and how it is told of subgoals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import JsonValue

from agentmem.agents.environment import Outcome
from agentmem.bank.sources import record_id
from agentmem.bank.spec import MemorySpec
from agentmem.records import Context, Event, Namespace, Query, Trust
from agentmem.stores.history import FullHistory
from agentmem.stores.subgoal.operations import Open
from agentmem.stores.subgoal.operations import event_of as subgoal_event
from agentmem.stores.subgoal.store import SubgoalMemory
from agentmem.stores.task.operations import LONGEST_TITLE, Activate, Add, Complete
from agentmem.stores.task.operations import event_of as task_event
from agentmem.stores.task.store import TaskMemory

if TYPE_CHECKING:
    from agentmem.bank import Bank
    from agentmem.stores.base import MemoryStore

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
"""The world time of the first observation; a step takes a minute. So equal episodes have equal contexts."""
STEP = timedelta(minutes=1)
PLAIN: Mapping[str, JsonValue] = {
    "show_label": False,
    "show_time": False,
    "show_trust": False,
    "headers": False,
    "dedupe": False,
    "cut": False,
}
"""How histories are packed for agents: what was said and done, no more: none pays for our labels."""
_HISTORY: dict[str, JsonValue] = {"pack": dict(PLAIN)}
NAMED: Mapping[str, MemorySpec] = {
    "full": MemorySpec(store="full", options=_HISTORY),
    "truncated": MemorySpec(store="truncated", options=_HISTORY),
    "sliding": MemorySpec(store="sliding", options={**_HISTORY, "window": 20}),
    "summary": MemorySpec(store="subgoal", options={"subgoals": False}),
    "episodic": MemorySpec(store="episodic", options=_HISTORY),
    "task": MemorySpec(store="task", options={"trim": "none"}),
    "subgoal": MemorySpec(store="subgoal"),
    "composite": MemorySpec(
        store="composite",
        members=(MemorySpec(store="subgoal"), MemorySpec(store="episodic", options=_HISTORY)),
        options={"weights": [3, 1]},
    ),
}
"""Memories by the names after `--memory`, beside all other stores."""


class AgentMemory:
    """What an episode's agent remembers: one session in one namespace. Ids and times follow from the step.

    Args:
        bank: The bank.
        namespace: The namespace.
        spec: The store.
        session: The session of all events.
        world: Who observations come from.
    """

    def __init__(
        self, bank: Bank, namespace: Namespace, spec: MemorySpec, *, session: str, world: str
    ) -> None:
        self.store: MemoryStore = bank.store(spec, namespace)
        self.session = session
        self._world = world
        parts = self.store.folding()
        self._steps = next((one for one in parts if isinstance(one, SubgoalMemory)), None)
        self._subgoals = self._steps if self._steps is not None and self._steps.makes_chunks else None
        self._tasks = next((one for one in parts if isinstance(one, TaskMemory)), None)
        self._asks = any(_recalls(one) for one in getattr(self.store, "members", [self.store]))

    @property
    def hears_subgoals(self) -> bool:
        """Whether it makes something of a subgoal that is announced."""
        return self._subgoals is not None or self._tasks is not None

    @property
    def must_hold_all(self) -> bool:
        """Whether what does not fit ends the episode: so it is with the full history."""
        return type(self.store) is FullHistory

    def begin(self, task: str, seen: Outcome) -> None:
        """What is to be reached, and what is seen first."""
        events = [self._observation(seen, 0, ())]
        if self._tasks is not None:
            events.append(self._of_task(Add(slot=task[:LONGEST_TITLE], kind="task"), "task", 0))
        self._observe(*events)

    def act(self, action: str, step: int, subgoal: str | None = None, under: int | None = None) -> None:
        """What is about to be done, and for which subgoal where that is new: on disk before it is done."""
        announced = [] if subgoal is None else self._announced(subgoal, under, step)
        action_event = Event(
            id=self._id(step, "action"),
            type="action",
            actor="agent",
            trust=Trust.AGENT,
            session=self.session,
            time=BEGINNING + step * STEP,
            text=action,
        )
        self._observe(*announced, action_event)

    def see(self, outcome: Outcome, step: int) -> None:
        """What came of the action of `step`."""
        self._observe(self._observation(outcome, step, (self._id(step, "action"),)))

    def show(self, asked: str, budget: int, retrieve: tuple[int, ...] = ()) -> Context:
        """What is remembered, within `budget` tokens.

        Args:
            asked: What a memory that recalls by meaning is asked.
            budget: Tokens.
            retrieve: Numbers of closed subgoals whose details are wanted; what is none is left out.
        """
        expand: tuple[str, ...] = ()
        if retrieve and self._subgoals is not None:
            known = self._subgoals.by_number(self.session)
            expand = tuple(known[number] for number in retrieve if number in known)
        query = Query(text=asked if self._asks else "", k=max(1, budget // 16), expand=expand, floor=False)
        if self._asks or (self._steps is None and self._tasks is None):
            return self.store.synthesize(query, budget)
        return self.store.render(query, [], self.store.view(query), budget)  # a structure needs no hits

    def has(self, step: int, what: str) -> bool:
        """Whether the `action` or `observation` of a step is kept already, by a run that was cut off."""
        return bool(self.store.get([self._id(step, what)]))

    def _observation(self, outcome: Outcome, step: int, causes: tuple[str, ...]) -> Event:
        data: dict[str, JsonValue] = {} if outcome.valid else {"valid": False}
        if outcome.facts:
            data["facts"] = dict(outcome.facts)
        return Event(
            id=self._id(step, "observation"),
            type="observation",
            actor=self._world,
            trust=Trust.TOOL,
            session=self.session,
            time=BEGINNING + step * STEP,
            caused_by=causes,
            text=outcome.text,
            data=data,
        )

    def _announced(self, goal: str, under: int | None, step: int) -> list[Event]:
        events = []
        if self._subgoals is not None:
            parent = None if under is None else ""
            if under:
                parent = self._subgoals.by_number(self.session).get(under)
            events.append(
                subgoal_event(
                    Open(goal=goal, parent=parent),
                    id=self._id(step, "subgoal"),
                    store=self._subgoals.shelf,
                    actor="agent",
                    trust=Trust.AGENT,
                    session=self.session,
                    time=BEGINNING + step * STEP,
                )
            )
        if self._tasks is not None:
            events += self._steps_of_task(goal, step)
        return events

    def _steps_of_task(self, goal: str, step: int) -> list[Event]:
        """The subgoal as a step of the task: the one before is done."""
        assert self._tasks is not None  # noqa: S101  asked by the caller
        root = record_id(self._id(0, "task"), self._tasks.shelf, 0)
        now = self._tasks.graph().nodes
        known = next((node.id for node in now.values() if node.slot == goal[:LONGEST_TITLE]), None)
        before = next((node.id for node in now.values() if node.active_in and node.id != known), None)
        events = []
        if before is not None:
            events.append(self._of_task(Complete(node=before), "done", step))
        if known is None:
            events.append(self._of_task(Add(slot=goal[:LONGEST_TITLE], parents=(root,)), "step", step))
            known = record_id(events[-1].id, self._tasks.shelf, 0)
        events.append(self._of_task(Activate(node=known), "active", step))
        return events

    def _of_task(self, operation: Add | Complete | Activate, what: str, step: int) -> Event:
        assert self._tasks is not None  # noqa: S101  asked by the caller
        return task_event(
            operation,
            id=self._id(step, what),
            store=self._tasks.shelf,
            actor="agent",
            trust=Trust.AGENT,
            session=self.session,
            time=BEGINNING + step * STEP,
        )

    def _id(self, step: int, what: str) -> str:
        return f"{self.session}/{step}/{what}"

    def _observe(self, *events: Event) -> None:
        self.store.observe(*events, embed=False)


def _recalls(store: MemoryStore) -> bool:
    """Whether a store is asked by meaning: histories and structures show what they show."""
    return not isinstance(store, (FullHistory, SubgoalMemory, TaskMemory))
