"""What operations change: each one as a `ChangeSet`, on the latest state, inside the write transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from agentmem.bank.view import ApplyView
from agentmem.records import ChangeSet, Event, Link
from agentmem.stores.task import focus
from agentmem.stores.task.content import (
    Content,
    content_of,
    is_node,
    nodes_among,
    record_of,
    standing,
)
from agentmem.stores.task.edges import CHANGED, DEPENDS_ON, PARENT, refuse_cycle
from agentmem.stores.task.node import Status
from agentmem.stores.task.operations import (
    Activate,
    Add,
    Complete,
    Depend,
    Fail,
    Merge,
    Operation,
    Replace,
    Rollback,
    Update,
)
from agentmem.stores.task.settling import no_value, rollback, update, version_of
from agentmem.stores.task.succession import merge, replace
from agentmem.stores.task.surroundings import heir


def carry_out(operation: Operation, event: Event, view: ApplyView) -> ChangeSet:
    """What `operation`, which `event` carries, changes.

    Raises:
        NotApplicable: a node does not stand any more, a value is none that it had, or a cycle would close.
        Refused: the value was settled by somebody trusted more than the event.
        InvalidInput: an undertaking is given a value.
    """
    carry = _CARRIED.get(type(operation))
    return carry(operation, event, view) if carry is not None else ChangeSet()


def _add(operation: Add, event: Event, view: ApplyView) -> ChangeSet:
    if operation.kind == "task" and operation.value is not None:
        raise no_value(operation.slot)
    standing(view, [*operation.parents, *operation.depends_on])
    id = view.new_id()
    content = Content(slot=operation.slot, goal=operation.goal).told(event, "made")
    links = [Link(source=id, type=PARENT, target=parent) for parent in operation.parents]
    links += [Link(source=id, type=DEPENDS_ON, target=other) for other in operation.depends_on]
    if operation.value is not None:
        content = content.valued(event, operation.value, 1, None)
        links.append(Link(source=id, type=CHANGED, target=event.id))
    return ChangeSet(
        records=(record_of(id, operation.kind, content, event, operation.why),), links=tuple(links)
    )


def _depend(operation: Depend, event: Event, view: ApplyView) -> ChangeSet:
    # An edge of what stands no more can still be in the way of another one: it may be taken away.
    known = standing if operation.holds else nodes_among
    record = known(view, operation.ids())[0]
    edges = tuple(Link(source=record.id, type=DEPENDS_ON, target=other) for other in operation.on)
    if not operation.holds:
        return ChangeSet(unlinks=edges)
    for other in operation.on:
        refuse_cycle(view, record.id, other, DEPENDS_ON)
    return ChangeSet(links=edges)


def _complete(operation: Complete | Fail, event: Event, view: ApplyView) -> ChangeSet:
    record = standing(view, [operation.node])[0]
    status = Status.DONE if isinstance(operation, Complete) else Status.FAILED
    content = content_of(record).told(event, "status", status=status)
    if operation.output:
        content = content.told(event, "output", output=operation.output)
    return version_of(record, content, event, operation.why)


def _activate(operation: Activate, event: Event, view: ApplyView) -> ChangeSet:
    record = standing(view, [operation.node])[0]
    content = content_of(record)
    changed = []
    held = focus.held_by(view, event.session)
    left = None if held is None else heir(view, held)
    if left is not None and left.id != record.id and is_node(left):
        theirs = content_of(left)
        sessions = tuple(one for one in theirs.active_in if one != event.session)
        told = theirs.told(event, "active", active_in=sessions)
        changed.append(record_of(left.id, left.type, told, event, left.why))
    sessions = tuple(dict.fromkeys([*content.active_in, event.session]))
    status = content.status if content.status is not Status.ROLLED_BACK else Status.PENDING
    active = content.told(event, "active", active_in=sessions, status=status)
    return version_of(record, active, event, operation.why, *changed, *focus.records(event, record.id, view))


_CARRIED: Mapping[type, Callable[[Any, Event, ApplyView], ChangeSet]] = {
    Add: _add,
    Update: update,
    Rollback: rollback,
    Merge: merge,
    Depend: _depend,
    Complete: _complete,
    Fail: _complete,
    Activate: _activate,
    Replace: replace,
}
