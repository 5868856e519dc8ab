"""What settles the value of a node, and what takes it back: each value is a version of the node's record."""

from __future__ import annotations

from datetime import datetime

from agentmem.bank.view import ApplyView
from agentmem.errors import InvalidInput, NotApplicable, Refused
from agentmem.records import ALTERNATIVE, ChangeSet, Event, Link, Record
from agentmem.stores.task.content import Content, content_of, record_of, standing, worded
from agentmem.stores.task.edges import CHANGED, SETTLED
from agentmem.stores.task.node import Status
from agentmem.stores.task.operations import Rollback, Update
from agentmem.stores.task.revisions import before, lineage, same

LATE = "said late: a newer value stands"


def update(operation: Update, event: Event, view: ApplyView) -> ChangeSet:
    """A value, a further source of the same value, or what was said late; or another title, goal or output.

    Raises:
        NotApplicable: the node does not stand.
        InvalidInput: an undertaking is given a value.
    """
    record = standing(view, [operation.node])[0]
    content = content_of(record)
    fields = {"slot": operation.slot, "goal": operation.goal, "output": operation.output}
    given = {name: value for name, value in fields.items() if value is not None}
    content = content.told(event, *given, **given)
    value = operation.value
    if value is None:
        return version_of(record, content, event, operation.why)
    if record.type == "task":
        raise no_value(content.slot)
    late = content.set_at is not None and event.happened < content.set_at
    guarded = content.value is not None and event.trust.rank < content.trust.rank
    if same(content.value, value) and not (late and not guarded):
        return _confirmed(record, content, event, operation.why)
    if guarded:
        return beside(record, event, value, view)
    if late:
        said_before = _held_at(event.happened, record, lineage(view, record.id))
        settled = content.valued(event, value, record.version + 1, said_before)
        past = record_of(record.id, record.type, settled, event, operation.why or LATE)
        return ChangeSet(records=(past, record.revised(why=LATE)))
    settled = content.valued(event, value, record.version + 1, holder(record))
    return version_of(record, settled, event, operation.why)


def holder(record: Record) -> Record | None:
    """`record`, where it has a version in which a value was set: what a rollback can go back to."""
    return record if content_of(record).version else None


def _held_at(moment: datetime, record: Record, versions: list[Record]) -> Record | None:
    """Of the present version and those to go back to, the last one that was said by `moment`."""
    found: Record | None = record
    while found is not None and (said := content_of(found).set_at) is not None and said > moment:
        found = before(found, versions)
    return found


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


def beside(record: Record, event: Event, value: str, view: ApplyView) -> ChangeSet:
    """What is trusted less than the value stands beside it, as an alternative that is no part of the tree."""
    said = worded("step", content_of(record).altered({"value": value}))
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


def version_of(record: Record, content: Content, event: Event, why: str, *further: Record) -> ChangeSet:
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


def rollback(operation: Rollback, event: Event, view: ApplyView) -> ChangeSet:
    """An earlier value again; or a step that never had one is rolled back itself.

    Raises:
        NotApplicable: the node does not stand, is open again already, or never had the value.
        Refused: the value was settled by somebody trusted more.
    """
    record = standing(view, [operation.node])[0]
    content = content_of(record)
    if content.set_at is not None and event.happened < content.set_at:
        return ChangeSet()
    refuse_less_trust(content, event)
    if operation.to is None and content.version and content.value is None and content.previous is None:
        raise NotApplicable(f"{content.slot!r} is open: it has no earlier value", "settle it with `update`")
    versions = lineage(view, record.id)
    target: Record | None
    if operation.to is not None:
        target = _holder_of(operation.to, record, versions)
    elif not content.version:
        gone = content.told(event, "status", status=Status.ROLLED_BACK)
        return version_of(record, gone, event, operation.why)
    else:
        target = before(record, versions)
    made = record.version + 1
    if target is None:
        return version_of(record, content.valued(event, None, made, None), event, operation.why)
    held = content_of(target)
    value_by = {"restored": held.by["value"]}
    restored = content.valued(event, held.value, made, None).altered({"previous": held.previous})
    restored = restored.altered({"by": {**restored.by, **value_by}})
    return version_of(record, restored, event, operation.why)


def refuse_less_trust(content: Content, event: Event) -> None:
    """Go on where `event` may take the value away.

    Raises:
        Refused: the value was settled by somebody trusted more.
    """
    if content.value is not None and event.trust.rank < content.trust.rank:
        raise Refused(
            f"the value of {content.slot!r} was settled by somebody trusted as {content.trust.value!r}, "
            f"not {event.trust.value!r}",
            "let somebody trusted as much take it back",
        )


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


def no_value(slot: str) -> InvalidInput:
    """The error of an undertaking that is given a value."""
    return InvalidInput(f"{slot!r} is an undertaking, which has no value", "add a step under it")
