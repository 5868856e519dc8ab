"""One node in the place of another: merge, replace, and by shared operations `correct` and `undo`."""

from __future__ import annotations

from agentmem.bank.view import ApplyView
from agentmem.errors import InvalidInput
from agentmem.records import SUPERSEDES, ChangeSet, Event, Link, Record, State
from agentmem.stores.task.content import Content, content_of, is_node, record_of, standing
from agentmem.stores.task.edges import CHANGED, DEPENDS_ON, PARENT, find_path, moved, refuse_cycle
from agentmem.stores.task.operations import Merge, Replace
from agentmem.stores.task.revisions import same
from agentmem.stores.task.settling import beside, holder, no_value, refuse_less_trust, version_of


def merge(operation: Merge, event: Event, view: ApplyView) -> ChangeSet:
    """A node under further parents, shared with others, or in the place of a duplicate.

    Raises:
        NotApplicable: a node does not stand.
        Cycle: one depends on, or hangs under, the other.
        Refused: the value that goes was settled by somebody trusted more.
        InvalidInput: one node is named twice, or the two are not of one kind.
    """
    named = standing(view, operation.ids())
    record = named[0]
    content = content_of(record)
    links: list[Link] = []
    unlinks: list[Link] = []
    for parent in operation.parents:
        for id in (record.id, operation.duplicate):
            if id is not None:
                refuse_cycle(view, id, parent, PARENT)
        links.append(Link(source=record.id, type=PARENT, target=parent))
    if operation.shared_with:
        others = tuple(dict.fromkeys([*content.shared_with, operation.shared_with]))
        content = content.told(event, "shared", shared_with=others)
    further: tuple[Record, ...] = ()
    if operation.duplicate is not None:
        twin = next(one for one in named if one.id == operation.duplicate)
        if twin.id == record.id:
            raise InvalidInput(f"task node {record.id!r} is named twice", "name two nodes")
        refuse_unlike(view, record, twin)
        made, ended = moved(view.links([twin.id]), twin.id, record.id)
        links += [*made, Link(source=record.id, type=SUPERSEDES, target=twin.id)]
        unlinks += ended
        theirs = content_of(twin)
        content = _both(content, theirs, record, event)
        active_in = tuple(dict.fromkeys([*content.active_in, *theirs.active_in]))
        merged = {**content.by, "merged": theirs.by["made"]}
        content = content.altered({"active_in": active_in, "by": merged})
        why = f"merged with {content.slot!r}"
        further = (twin.revised(state=State.SUPERSEDED, why=operation.why or why),)
    changes = version_of(record, content, event, operation.why, *further)
    return ChangeSet(
        records=changes.records,
        links=(*changes.links, *links),
        unlinks=(*changes.unlinks, *unlinks),
    )


def _both(mine: Content, theirs: Content, record: Record, event: Event) -> Content:
    """What two nodes come to as one: the value of `mine`, which `record` holds, else that of `theirs`.

    Raises:
        Refused: the value that goes was settled by somebody trusted more than the event.
    """
    if theirs.value is None:
        return mine
    if mine.value is None:
        taken = mine.valued(event, theirs.value, record.version + 1, holder(record))
        return taken.altered({"trust": theirs.trust})
    if same(theirs.value, mine.value):
        more = max(mine.trust, theirs.trust, key=lambda trust: trust.rank)
        return mine.altered({"trust": more})
    refuse_less_trust(theirs, event)
    return mine.told(event, "changed")  # to those who depended on the other one it did


def refuse_unlike(view: ApplyView, record: Record, twin: Record) -> None:
    """Two nodes can be one only where they are of one kind, and neither depends on, or is under, the other.

    Raises:
        InvalidInput: they are not of one kind.
        Cycle: one depends on, or hangs under, the other.
    """
    if twin.type != record.type:
        raise InvalidInput(
            f"{content_of(record).slot!r} is a {record.type}, {content_of(twin).slot!r} a {twin.type}",
            "name two alike",
        )
    for type in (DEPENDS_ON, PARENT):
        for start, end in ((record.id, twin.id), (twin.id, record.id)):
            if find_path(view, start, end, type) is not None:
                refuse_cycle(view, end, start, type)


def replace(operation: Replace, event: Event, view: ApplyView) -> ChangeSet:
    """A new node in the place of one.

    Raises:
        NotApplicable: the node does not stand.
        Refused: its value was settled by somebody trusted more.
        InvalidInput: an undertaking is given a value.
    """
    old = standing(view, [operation.node])[0]
    if old.type == "task" and operation.value is not None:
        raise no_value(operation.slot)
    theirs = content_of(old)
    refuse_less_trust(theirs, event)
    id = view.new_id()
    content = Content(slot=operation.slot, goal=operation.goal, active_in=theirs.active_in)
    content = content.told(event, "made", "changed")
    if operation.value is not None:
        content = content.valued(event, operation.value, 1, holder(old))
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
    """What a shared operation changes, where it lets one node take another's place.

    Raises:
        Cycle: the one depends on, or hangs under, the other.
        InvalidInput: what takes a node's place is no node of its kind.
    """
    if event.type == "correct":
        changes = _corrected(event, changes, view)
    pairs = [(link.source, link.target) for link in changes.links if link.type == SUPERSEDES]
    known = {record.id: record for record in view.get({id for pair in pairs for id in pair})}
    links, unlinks = list(changes.links), list(changes.unlinks)
    for new, old in pairs:
        if old not in known or not is_node(known[old]):
            continue
        if new in known:
            refuse_unlike(view, known[new], known[old])
        made, ended = moved(view.links([old]), old, new)
        links += [*made, Link(source=new, type=CHANGED, target=event.id)]
        unlinks += ended
    return changes.altered({"links": tuple(links), "unlinks": tuple(unlinks)})


def _corrected(event: Event, changes: ChangeSet, view: ApplyView) -> ChangeSet:
    """A correction of a node says its value; of an undertaking, which has none, its title.

    What is trusted less than the value stands beside it.

    Raises:
        InvalidInput: what is said to be right already is no node.
    """
    old = next((one for one in view.get(event.about[:1]) if is_node(one)), None)
    made = next((one for one in changes.records if one.sources == (event.id,) and is_node(one)), None)
    by = str(event.data.get("by") or "")
    if by and old is not None and not all(map(is_node, view.get([by]))):
        raise InvalidInput(f"record {by!r} is no task node", "correct the node by a text")
    if made is None:
        return changes
    if old is not None and event.trust.rank < max(old.trust.rank, content_of(old).trust.rank):
        return beside(old, event, event.text, view)
    stated = _stated(made, event, old)
    return changes.altered({"records": tuple(stated if one is made else one for one in changes.records)})


def _stated(record: Record, event: Event, old: Record | None) -> Record:
    content = content_of(record)
    said = event.text.strip()
    if record.type == "task":
        content = content.altered({"slot": said or content.slot})
    else:
        content = content.valued(event, said or None, 1, None if old is None else holder(old))
    content = content.altered({"by": dict.fromkeys(["made", "changed", *content.by], event.id)})
    made = record_of(record.id, record.type, content, event)
    return record.revised(payload=made.payload, text=made.text, indexed=made.indexed)
