"""Problems and what became of them: the traces from which concepts come, and to which they lead back."""

from __future__ import annotations

from pydantic import ValidationError

from agentmem.errors import InvalidInput
from agentmem.faults import first_fault
from agentmem.records import Event, Record, Text, Value

PROBLEM = "problem"
"""The type of a problem's record, and the field under which its text is indexed."""
TRACE = "trace"
"""The type of the observation that tells of an attempt at a problem."""
SOLVED = "solved"
"""The kind of feedback that is a verdict: 1 for a right solution, 0 or less for a wrong one."""


class Trace(Value):
    """What the data of a trace say; its text is the problem in words.

    Attributes:
        problem: What the world calls it.
        solution: What was tried: a program, or a report of what was done.
        language: `python`, or empty for words.
        solved: The verdict, where it is known already.
        selected: Ids of the concepts that were shown before.
    """

    problem: Text = ""
    solution: Text = ""
    language: Text = ""
    solved: bool | None = None
    selected: tuple[Text, ...] = ()


class Problem(Trace):
    """A problem as the memory keeps it.

    Attributes:
        id: Of its record.
        text: It in words.
        trace: The event that told of it.
    """

    id: Text
    text: Text
    trace: Text


def trace_of(event: Event) -> Trace | None:
    """What an observation tells of an attempt; none where it is about something else.

    Raises:
        InvalidInput: its data are not those of a trace.
    """
    if event.store or event.type != TRACE:
        return None
    try:
        return Trace.model_validate({k: v for k, v in event.data.items() if k in Trace.model_fields})
    except ValidationError as error:
        fault = first_fault(error)
        raise InvalidInput(
            f"trace {event.id!r}: {fault.where}: {fault.message}",
            "see agentmem.stores.concept.problems.Trace",
        ) from error


def is_problem(record: Record) -> bool:
    """Whether a record is a problem's."""
    return record.type == PROBLEM and "trace" in record.payload


def problem_of(record: Record) -> Problem:
    """The problem of a record.

    Raises:
        InvalidInput: its payload is none of a problem.
    """
    try:
        return Problem.model_validate({**record.payload, "id": record.id, "text": record.text})
    except ValidationError as error:
        raise InvalidInput(
            f"the payload of {record.id!r} is none of a problem: {error.errors()[0]['msg']}",
            "leave the payload of problems to their traces",
        ) from error


def record_of(id: str, trace: Trace, event: Event) -> Record:
    """The record of the problem that a trace tells of."""
    return Record(
        id=id,
        type=PROBLEM,
        text=event.text,
        payload={**trace.model_dump(mode="json", exclude_defaults=True), "trace": event.id},
        sources=(event.id,),
        time=event.time,
        actor=event.actor,
        session=event.session,
        indexed={PROBLEM: event.text} if event.text.strip() else {},
    )


def is_verdict(event: Event, *, failures: bool = False) -> bool:
    """Whether an event gives a verdict on a solution: a feedback, or a trace that knows it.

    Args:
        event: The event.
        failures: Whether one that says that it is wrong is meant too.
    """
    if event.store:
        value = event.data.get("value", 1)
        told = event.type == "feedback" and event.data.get("kind") == SOLVED
        right = isinstance(value, int | float) and value > 0
    else:
        told = event.type == TRACE and isinstance(event.data.get("solved"), bool)
        right = event.data.get("solved") is True
    return told and (right or failures)
