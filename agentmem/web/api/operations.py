"""The operations of the API as a table: what is served, and what the OpenAPI document says, come from it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any, Literal

from agentmem.records import Value
from agentmem.web.api import answered, asked, changing
from agentmem.web.api.memory import Memory

VERSION = "/v1"
LINES = "application/jsonl"


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked for.

    Attributes:
        method: The method of HTTP.
        path: The path, with `{id}` where it names one.
        asked: What is asked: of a POST the body, else the parameters of the URL.
        answer: What is answered; none: lines of JSON.
        run: What does it.
        group: What it is shown with.
        writes: Whether it changes the memory.
    """

    method: Literal["GET", "POST"]
    path: str
    asked: type[Value]
    answer: type[answered.Answer] | None
    run: Callable[[Memory, Any], answered.Answer | IO[str]]
    group: str
    writes: bool = False

    @property
    def name(self) -> str:
        """What programs call it."""
        return self.run.__name__

    @property
    def purpose(self) -> str:
        """What it is for, in a sentence or two."""
        return inspect.getdoc(self.run) or ""


def _reading(path: str, of: type[Value], answer: type[answered.Answer] | None, run: Any) -> Operation:
    return Operation("GET", f"{VERSION}{path}", of, answer, run, "Look")


def _asking(path: str, of: type[Value], answer: type[answered.Answer], run: Any) -> Operation:
    return Operation("POST", f"{VERSION}{path}", of, answer, run, "Ask")


def _writing(path: str, of: type[Value], answer: type[answered.Answer], run: Any) -> Operation:
    return Operation("POST", f"{VERSION}{path}", of, answer, run, "Change", writes=True)


OPERATIONS = (
    _writing("/events", asked.Observe, answered.Observed, Memory.observe),
    _asking("/recall", asked.Recall, answered.Recalled, Memory.recall),
    _asking("/context", asked.Synthesize, answered.Synthesized, Memory.context),
    _asking("/explain", asked.Explain, answered.Explained, Memory.explain),
    _reading("/rights", asked.Nothing, answered.Rights, Memory.rights),
    _reading("/events", asked.Events, answered.EventPage, Memory.events),
    _reading("/events/{id}", asked.Named, answered.OneEvent, Memory.event),
    _reading("/records", asked.Records, answered.RecordPage, Memory.records),
    _reading("/records/{id}", asked.Named, answered.OneRecord, Memory.record),
    _reading("/records/{id}/history", asked.Named, answered.History, Memory.history),
    _reading("/changes", asked.Changes, answered.Changed, Memory.changes),
    _reading("/pending", asked.OfStore, answered.StillPending, Memory.pending),
    _reading("/stats", asked.Nothing, answered.Counted, Memory.stats),
    _reading("/export", asked.Nothing, None, Memory.export),
    _writing("/put", changing.Put, answered.Done, Memory.put),
    _writing("/correct", changing.Correct, answered.Corrected, Memory.correct),
    _writing("/retract", changing.Retract, answered.Retracted, Memory.retract),
    _writing("/undo", changing.Undo, answered.Undone, Memory.undo),
    _writing("/feedback", changing.Feedback, answered.DoneByStore, Memory.feedback),
    _writing("/advance", changing.Advance, answered.DoneByStore, Memory.advance),
    _writing("/retry", asked.OfStore, answered.StillPending, Memory.retry),
    _writing("/forget", changing.Forget, answered.Forgotten, Memory.forget),
)
