"""One session while an event is applied to it: chunks open and close, steps come, old ones are folded."""

from __future__ import annotations

from pydantic import JsonValue

from agentmem.bank.view import ApplyView
from agentmem.errors import NotApplicable
from agentmem.records import ChangeSet, Event, Link, Record, Value
from agentmem.stores.subgoal.content import (
    CHUNK,
    FACTS,
    LATEST,
    OBSERVATION,
    STEP,
    TRAIL,
    Chunk,
    Facts,
    Trail,
    chunk_key,
    chunk_of,
    chunks_among,
    held_in,
    is_chunk,
    record_of,
    session_key,
    session_records,
    standing,
)
from agentmem.stores.subgoal.operations import Close, Open, Reopen, Summarize
from agentmem.synthesis.tokens import MiniLMTokens

_BLANK = Record(id="-")
NAMED = 24
"""How many of the subgoals closed last a trail names."""


class Folding(Value):
    """When steps leave the prompt.

    Attributes:
        tokens: What the steps of the open subgoal may cost before its older half is folded; 0: never.
        facts: How many sentences are kept of what was folded.
    """

    tokens: int
    facts: int


class Session:
    """Where a session stands, and what `event` changes of it. Deterministic.

    Args:
        event: The event that is applied.
        view: The view of `apply`.
        folding: When steps leave the prompt.
    """

    def __init__(self, event: Event, view: ApplyView, folding: Folding) -> None:
        self._event = event
        self._view = view
        self._folding = folding
        self._records: dict[str, Record] = {}
        self._links: list[Link] = []
        self._trail_record, self._latest = session_records(view, event.session, TRAIL, LATEST)
        self.trail = held_in(self._trail_record, Trail)
        self._before = self.trail

    # What events do

    def step(self) -> None:
        """The event is an action or an observation: it belongs to the current subgoal."""
        event = self._event
        if not self.trail.path:
            self._begin_or_resume("", "")
        current = self.trail.path[-1]
        self._links.append(Link(source=current, type=STEP, target=event.id))
        steps = (*self.trail.steps, (event.id, MiniLMTokens().count(event.text)))
        last = event.id if event.type == OBSERVATION else self.trail.last
        self.trail = self.trail.altered({"steps": steps, "last": last})
        self._fold_long()

    def open(self, operation: Open) -> None:
        """A subgoal is begun, or goes on.

        Raises:
            NotApplicable: its parent is not open.
        """
        path = self.trail.path
        parent = operation.parent
        if parent is None:  # what the open one is part of, as far as that is open
            parent = path[-2] if len(path) > 1 else ""
        if parent and parent not in path:
            raise NotApplicable(
                f"the subgoal {parent!r} is not open", 'name an open one, or "" for none: see `subgoals()`'
            )
        self._begin_or_resume(operation.goal, parent)

    def close(self, operation: Close) -> None:
        """A subgoal ends; the one that it is part of goes on. One that is closed stays so.

        Raises:
            NotApplicable: there is none of this id.
        """
        origin = chunk_of(self._view, operation.node)[1].origin
        path = self.trail.path
        if origin in path:
            place = path.index(origin)
            self._leave(path[place - 1] if place else "", reached=operation.reached, of=origin)

    def reopen(self, operation: Reopen) -> None:
        """A closed subgoal goes on.

        Raises:
            NotApplicable: there is none of this id in the session.
        """
        record, _ = chunk_of(self._view, operation.node)
        if record.session != self._event.session:
            raise NotApplicable(
                f"the subgoal {operation.node!r} is of the session {record.session!r}", "act in that session"
            )
        self._resume(operation.node)

    def summarize(self, operation: Summarize) -> None:
        """What came of a subgoal is put into words.

        Raises:
            NotApplicable: there is none of this id, or it goes on.
        """
        record, chunk = chunk_of(self._view, operation.node)
        if chunk.state != "closed":
            raise NotApplicable(f"the subgoal {operation.node!r} is not closed", "close it first")
        reached = chunk.reached if operation.reached is None else operation.reached
        told = chunk.altered({"summary": operation.summary, "reached": reached})
        made = record_of(record.id, told, self._event, "", record.sources)
        self._records[record.id] = made.altered({"session": record.session, "key": record.key})

    def changes(self) -> ChangeSet:
        """What is to be written."""
        if self.trail != self._before:
            self._keep(TRAIL, self.trail.model_dump(mode="json"), self._trail_record)
            latest: dict[str, JsonValue] = {"session": self._event.session}
            if self._latest is None or self._latest.payload != latest:
                self._keep(LATEST, latest, self._latest)
        return ChangeSet(records=tuple(self._records.values()), links=tuple(self._links))

    # Opening and closing

    def _begin_or_resume(self, goal: str, parent: str) -> None:
        """The subgoal in these words goes on, where there was one; else it begins under `parent`."""
        known = standing(self._view, chunk_key(self._event.session, goal), CHUNK)
        if known is not None and is_chunk(known):
            self._resume(known.id)
        else:
            self._leave(parent)
            self._begin(goal, parent)

    def _begin(self, goal: str, parent: str) -> None:
        number = self.trail.count + 1
        id = self._view.new_id()
        chunk = Chunk(goal=goal, origin=id, number=number, parent=parent)
        self._records[id] = record_of(id, chunk, self._event, "")
        self.trail = self.trail.altered(
            {"count": number, "path": (*self.trail.path, id), "steps": (), "last": ""}
        )

    def _resume(self, id: str) -> None:
        """Go on with a subgoal that there is: what is open and does not hold it is closed."""
        record, chunk = chunk_of(self._view, id)
        id, path = chunk.origin, self.trail.path
        if id in path:
            if id != path[-1]:
                self._leave(id)
            return
        self._leave(self._open_above(chunk))
        told = chunk.altered({"state": "reopened", "reached": None})
        self._records[record.id] = record_of(record.id, told, self._event, "", record.sources)
        closed = tuple(one for one in self.trail.closed if one != id)
        path = (*self.trail.path, id)
        self.trail = self.trail.altered({"path": path, "steps": (), "last": "", "closed": closed})

    def _open_above(self, chunk: Chunk) -> str:
        """The nearest open subgoal that a closed one is part of; "": none."""
        above = chunk.parent
        while above and above not in self.trail.path:
            known = chunks_among(self._view, [above])
            above = known[above][1].parent if above in known else ""
        return above

    def _leave(self, above: str, reached: bool | None = None, of: str = "") -> None:
        """Fold the current subgoal, and close all that are open under `above` ("": all)."""
        path = self.trail.path
        if not path:
            return
        kept = path.index(above) + 1 if above else 0
        steps = self._fold(len(self.trail.steps))
        last = next((one for one in reversed(steps) if one.type == OBSERVATION), None)
        if last is None and self.trail.last:
            last = next(iter(self._view.get([self.trail.last])), None)
        for id in reversed(path[kept:]):
            record, chunk = chunk_of(self._view, id)
            judged = reached if id == of else None
            told = chunk.altered({"state": "closed", "reached": judged, "summary": ""})
            result = last.text if last is not None and id == path[-1] else ""
            sources = (*record.sources, last.id) if last is not None and result else record.sources
            self._records[record.id] = record_of(record.id, told, self._event, result, sources)
        closed = (*self.trail.closed, *reversed(path[kept:]))[-NAMED:]
        self.trail = self.trail.altered({"path": path[:kept], "steps": (), "last": "", "closed": closed})

    # Folding

    def _fold_long(self) -> None:
        """Fold the older half of the current subgoal's steps, where they cost more than they may."""
        limit = self._folding.tokens
        left = sum(tokens for _, tokens in self.trail.steps)
        if not limit or left <= limit or self._event.type != OBSERVATION:
            return
        count = 0
        pair = 2
        while left > limit // 2 and count < len(self.trail.steps) - pair:
            left -= self.trail.steps[count][1]
            count += 1
        self._fold(count)

    def _fold(self, count: int) -> list[Record]:
        """Let the oldest `count` steps leave the prompt; what they told of facts is kept. Their records."""
        if not count:
            return []
        current = self.trail.path[-1]
        steps = self._view.get([id for id, _ in self.trail.steps[:count]])
        self.trail = self.trail.altered({"steps": self.trail.steps[count:]})
        record = session_records(self._view, self._event.session, FACTS)[0]
        before = held_in(record, Facts)
        facts = before.with_steps(steps, current, self._folding.facts)
        if facts != before:
            self._keep(FACTS, facts.model_dump(mode="json"), record)
        return steps

    def _keep(self, type: str, payload: dict[str, JsonValue], known: Record | None) -> None:
        """Write the session's record of a type anew; `known`: as it is."""
        id = known.id if known is not None else self._view.new_id()
        self._records[id] = _BLANK.altered(
            {
                "id": id,
                "type": type,
                "key": session_key(type, self._event.session),
                "payload": payload,
                "sources": (self._event.id,),
                "time": self._event.time,
                "actor": self._event.actor,
                "session": self._event.session,
            }
        )
