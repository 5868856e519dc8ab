"""What operations change: each one as a `ChangeSet`, on the latest state, inside the write transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from agentmem.bank.view import ApplyView
from agentmem.errors import InvalidInput, NotApplicable, Refused
from agentmem.records import ALTERNATIVE, SUPERSEDES, ChangeSet, Event, Link, Record, State
from agentmem.stores.task import focus
from agentmem.stores.task.content import Content, content_of, is_node, record_of, standing, worded
from agentmem.stores.task.edges import CHANGED, DEPENDS_ON, PARENT, SETTLED, find_path, moved, refuse_cycle
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
from agentmem.stores.task.revisions import before, lineage, same

LATE = "said late: a newer value stands"


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
        raise _no_value(operation.slot)
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


def _update(operation: Update, event: Event, view: ApplyView) -> ChangeSet:
    record = standing(view, [operation.node])[0]
    content = content_of(record)
    fields = {"slot": operation.slot, "goal": operation.goal, "output": operation.output}
    given = {name: value for name, value in fields.items() if value is not None}
    content = content.told(event, *given, **given)
    value = operation.value
    if value is None:
        return _version(record, content, event, operation.why)
    if record.type == "task":
        raise _no_value(content.slot)
    if same(content.value, value):
        return _confirmed(record, content, event, operation.why)
    if content.value is not None and event.trust.rank < content.trust.rank:
        return _beside(record, content, event, value, view)
    late = content.set_at is not None and event.happened < content.set_at
    settled = content.valued(event, value, record.version + 1, _value_holder(record))
    if late:
        past = record_of(record.id, record.type, settled, event, operation.why or LATE)
        return ChangeSet(records=(past, record.revised(why=LATE)))
    return _version(record, settled, event, operation.why)


def _value_holder(record: Record) -> Record | None:
    """The record, where it holds a value that can be gone back to."""
    return record if content_of(record).version else None


def _confirmed(record: Record, content: Content, event: Event, why: str) -> ChangeSet:
    """The same value again: a further source, and settled anew where something it depends on had changed."""
    if event.trust.rank < content.trust.rank:
        return ChangeSet()
    told = content.told(event, "settled", trust=event.trust)
    before = content.by.get("settled")
    return ChangeSet(
        records=(record_of(record.id, record.type, told, event, why or record.why),),
        links=(Link(source=record.id, type=SETTLED, target=event.id),),
        unlinks=(Link(source=record.id, type=SETTLED, target=before),) if before else (),
    )


def _beside(record: Record, content: Content, event: Event, value: str, view: ApplyView) -> ChangeSet:
    """What is trusted less than the value stands beside it, as an alternative that is no part of the tree."""
    said = worded("step", content.altered({"value": value}))
    other = Record(
        id=view.new_id(),
        type="alternative",
        text=said,
        payload={"node": record.id, "value": value},
        sources=(event.id,),
        time=event.time,
        actor=event.actor,
        session=event.session,
        indexed={"text": said},
    )
    return ChangeSet(records=(other,), links=(Link(source=other.id, type=ALTERNATIVE, target=record.id),))


def _version(record: Record, content: Content, event: Event, why: str, *further: Record) -> ChangeSet:
    """The next version of a node; where its value changed, the link that says when."""
    old, new = content_of(record).by.get("changed"), content.by.get("changed")
    links, unlinks = [], []
    if new != old:
        links += [Link(source=record.id, type=CHANGED, target=str(new))]
        unlinks += [Link(source=record.id, type=CHANGED, target=old)] if old else []
    return ChangeSet(
        records=(record_of(record.id, record.type, content, event, why), *further),
        links=tuple(links),
        unlinks=tuple(unlinks),
    )


def _rollback(operation: Rollback, event: Event, view: ApplyView) -> ChangeSet:
    record = standing(view, [operation.node])[0]
    content = content_of(record)
    if content.set_at is not None and event.happened < content.set_at:
        return ChangeSet()
    if content.value is not None and event.trust.rank < content.trust.rank:
        raise Refused(
            f"the value of {content.slot!r} was settled by somebody trusted as {content.trust.value!r}, "
            f"not {event.trust.value!r}",
            "let somebody trusted as much take it back",
        )
    if content.version and content.value is None and content.previous is None:
        raise NotApplicable(f"{content.slot!r} is open: it has no earlier value", "settle it with `update`")
    versions = lineage(view, record.id)
    target: Record | None
    if operation.to is not None:
        target = _holder_of(operation.to, record, versions)
    elif not content.version:
        gone = content.told(event, "status", status=Status.ROLLED_BACK)
        return _version(record, gone, event, operation.why)
    else:
        target = before(record, versions)
    made = record.version + 1
    if target is None:
        return _version(record, content.valued(event, None, made, None), event, operation.why)
    held = content_of(target)
    value_by = {"restored": held.by["value"]}
    restored = content.valued(event, held.value, made, None).altered({"previous": held.previous})
    restored = restored.altered({"by": {**restored.by, **value_by}})
    return _version(record, restored, event, operation.why)


def _holder_of(value: str, record: Record, versions: list[Record]) -> Record:
    """The last version with `value` that is not the present one.

    Raises:
        NotApplicable: there is none.
    """
    now = content_of(record)
    earlier = [one for one in versions if content_of(one).by["value"] != now.by.get("value")]
    found = [one for one in earlier if same(content_of(one).value, value)]
    if not found:
        had = ", ".join(dict.fromkeys(repr(content_of(one).value) for one in earlier)) or "none"
        raise NotApplicable(
            f"{now.slot!r} never had the value {value!r} before", f"its earlier values: {had}"
        )
    return found[-1]


def _merge(operation: Merge, event: Event, view: ApplyView) -> ChangeSet:
    named = standing(view, operation.ids())
    record = named[0]
    content = content_of(record)
    links: list[Link] = []
    unlinks: list[Link] = []
    for parent in operation.parents:
        refuse_cycle(view, record.id, parent, PARENT)
        links.append(Link(source=record.id, type=PARENT, target=parent))
    if operation.shared_with:
        others = tuple(dict.fromkeys([*content.shared_with, operation.shared_with]))
        content = content.told(event, "shared", shared_with=others)
    further: tuple[Record, ...] = ()
    if operation.duplicate is not None:
        twin = next(one for one in named if one.id == operation.duplicate)
        if twin.id == record.id:
            raise InvalidInput(f"task node {record.id!r} is named twice", "name two nodes")
        if twin.type != record.type:
            raise InvalidInput(
                f"{content.slot!r} is a {record.type}, its duplicate a {twin.type}", "name two alike"
            )
        _refuse_entangled(view, record, twin)
        made, ended = moved(view.links([twin.id]), twin.id, record.id)
        links += [*made, Link(source=record.id, type=SUPERSEDES, target=twin.id)]
        unlinks += ended
        theirs = content_of(twin)
        if theirs.value is not None and not same(theirs.value, content.value):
            kept = content.value if content.value is not None else theirs.value
            content = content.valued(event, kept, record.version + 1, _value_holder(record))
        content = content.altered({"by": {**content.by, "merged": theirs.by["made"]}})
        why = f"merged with {content.slot!r}"
        further = (twin.revised(state=State.SUPERSEDED, why=operation.why or why),)
    changes = _version(record, content, event, operation.why, *further)
    return ChangeSet(
        records=changes.records,
        links=(*changes.links, *links),
        unlinks=(*changes.unlinks, *unlinks),
    )


def _refuse_entangled(view: ApplyView, record: Record, twin: Record) -> None:
    """Two nodes can be one only where neither depends on, or hangs under, the other.

    Raises:
        Cycle: one does.
    """
    for type in (DEPENDS_ON, PARENT):
        for start, end in ((record.id, twin.id), (twin.id, record.id)):
            if find_path(view, start, end, type) is not None:
                refuse_cycle(view, end, start, type)


def _depend(operation: Depend, event: Event, view: ApplyView) -> ChangeSet:
    record = standing(view, operation.ids())[0]
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
    return _version(record, content, event, operation.why)


def _activate(operation: Activate, event: Event, view: ApplyView) -> ChangeSet:
    record = standing(view, [operation.node])[0]
    content = content_of(record)
    changed = []
    left = focus.held_by(view, event.session)
    for other in view.get([left] if left and left != record.id else []):
        if is_node(other):
            theirs = content_of(other)
            sessions = tuple(one for one in theirs.active_in if one != event.session)
            changed.append(
                record_of(
                    other.id, other.type, theirs.told(event, "active", active_in=sessions), event
                ).revised(state=other.state, valid_to=other.valid_to)
            )
    sessions = tuple(dict.fromkeys([*content.active_in, event.session]))
    status = content.status if content.status is not Status.ROLLED_BACK else Status.PENDING
    active = content.told(event, "active", active_in=sessions, status=status)
    return _version(record, active, event, operation.why, *changed, *focus.records(event, record.id, view))


def _replace(operation: Replace, event: Event, view: ApplyView) -> ChangeSet:
    old = standing(view, [operation.node])[0]
    if old.type == "task" and operation.value is not None:
        raise _no_value(operation.slot)
    id = view.new_id()
    content = Content(slot=operation.slot, goal=operation.goal).told(event, "made", "changed")
    if operation.value is not None:
        content = content.valued(event, operation.value, 1, _value_holder(old))
    made, ended = moved(view.links([old.id]), old.id, id)
    return ChangeSet(
        records=(
            record_of(id, old.type, content, event, operation.why),
            old.revised(state=State.SUPERSEDED, why=operation.why or f"replaced by {operation.slot!r}"),
        ),
        links=(
            *made,
            Link(source=id, type=SUPERSEDES, target=old.id),
            Link(source=id, type=CHANGED, target=event.id),
        ),
        unlinks=ended,
    )


def succeed(event: Event, changes: ChangeSet, view: ApplyView) -> ChangeSet:
    """What a shared operation (`correct`, `undo`, …) changes, where it lets one node take another's place.

    The edges of the one go over to the other; what a correction says is the value of the new node.
    """
    links, unlinks = list(changes.links), list(changes.unlinks)
    corrected = {
        record.id: _corrected(record, event)
        for record in changes.records
        if event.type == "correct" and record.sources == (event.id,) and is_node(record)
    }
    records = [corrected.get(record.id, record) for record in changes.records]
    links += [Link(source=id, type=CHANGED, target=event.id) for id in corrected]
    pairs = [(link.source, link.target) for link in changes.links if link.type == SUPERSEDES]
    nodes = {record.id for record in view.get([old for _, old in pairs]) if is_node(record)}
    for new, old in pairs:
        if old in nodes:
            made, ended = moved(view.links([old]), old, new)
            links += made
            unlinks += ended
    return ChangeSet(records=tuple(records), links=tuple(links), unlinks=tuple(unlinks))


def _corrected(record: Record, event: Event) -> Record:
    """The node that a correction states: its text is the value."""
    content = content_of(record).valued(event, event.text, 1, None)
    content = content.altered({"by": dict.fromkeys(content.by, event.id)})
    said = worded(record.type, content)
    payload = content.model_dump(mode="json", exclude_defaults=True)
    return record.revised(payload=payload, text=said, indexed={"text": said})


def _no_value(slot: str) -> InvalidInput:
    return InvalidInput(f"{slot!r} is an undertaking, which has no value", "add a step under it")


_CARRIED: Mapping[type, Callable[[Any, Event, ApplyView], ChangeSet]] = {
    Add: _add,
    Update: _update,
    Rollback: _rollback,
    Merge: _merge,
    Depend: _depend,
    Complete: _complete,
    Fail: _complete,
    Activate: _activate,
    Replace: _replace,
}
