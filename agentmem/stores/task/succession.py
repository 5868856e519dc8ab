"""One node in the place of another: merge, replace, and by shared operations `correct` and `undo`."""

from __future__ import annotations

from agentmem.bank.view import ApplyView
from agentmem.errors import InvalidInput
from agentmem.records import SUPERSEDES, ChangeSet, Event, Link, Record, State
from agentmem.stores.task import focus
from agentmem.stores.task.content import Content, content_of, is_node, record_of, standing, stands
from agentmem.stores.task.edges import (
    CHANGED,
    DEPENDS_ON,
    MISSED,
    PARENT,
    find_path,
    moved,
    refuse_cycle,
)
from agentmem.stores.task.graph import load
from agentmem.stores.task.operations import Merge, Replace
from agentmem.stores.task.revisions import same
from agentmem.stores.task.separation import apart
from agentmem.stores.task.settling import beside, holder, no_value, refuse_less_trust, version_of
from agentmem.stores.task.surroundings import heir


def merge(operation: Merge, event: Event, view: ApplyView) -> ChangeSet:
    """A node under further parents, shared with others, or in the place of a duplicate.

    What is stale stays so. Where something that depends on the duplicate is, the merge counts as a change
    of the node that stays, so that what depends on that one may become stale too.

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
        content, missed = _stale_still(record, twin, content, event, view)
        links += missed
        unlinks += missed
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


def _stale_still(
    record: Record, twin: Record, content: Content, event: Event, view: ApplyView
) -> tuple[Content, list[Link]]:
    """What `record` holds, and the change that it missed, such that a merge with `twin` hides no stale mark.

    The edges of the twin hold anew from the merge on: changes before it are seen along them no more.
    """
    below = view.reach([twin.id], DEPENDS_ON, "in")
    stale = load(view, [record.id, *below]).stale
    if any(id in stale for id in below if id != twin.id):
        content = content.told(event, "changed")
    cause = stale.get(record.id)
    if cause is None and same(content_of(twin).value, content.value):
        cause = stale.get(twin.id)
    return content, [] if cause is None else [Link(source=record.id, type=MISSED, target=cause)]


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
    if event.type == "undo":
        changes = apart(event, _awake(changes, view), view)
    pairs = [(link.source, link.target) for link in changes.links if link.type == SUPERSEDES]
    known = {record.id: record for record in view.get({id for pair in pairs for id in pair})}
    links, unlinks = list(changes.links), list(changes.unlinks)
    for new, old in pairs:
        if old not in known or not is_node(known[old]):
            continue
        if new in known:
            refuse_unlike(view, known[new], known[old])
        made, ended = moved(view.links([old]), old, new)
        cause = load(view, [new]).stale.get(new) if new in known else None
        missed = [] if cause is None else [Link(source=new, type=MISSED, target=cause)]
        links += [*made, *missed, Link(source=new, type=CHANGED, target=event.id)]
        unlinks += [*ended, *missed]
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
    if old is not None and _guarded(old, event):
        return beside(old, event, event.text, view)
    stated = _stated(made, event, old)
    records = tuple(stated if one is made else one for one in changes.records)
    changed = Link(source=stated.id, type=CHANGED, target=event.id)
    return changes.altered({"records": records, "links": (*changes.links, changed)})


def _guarded(old: Record, event: Event) -> bool:
    content = content_of(old)
    settled = content.value is not None and event.trust.rank < content.trust.rank
    return settled or event.trust.rank < old.trust.rank


def _stated(record: Record, event: Event, old: Record | None) -> Record:
    """The node that a correction states: what it is for stays, its value and what came of it are new."""
    said, given = event.text.strip(), content_of(record)
    content = Content(slot=given.slot, goal=given.goal, shared_with=given.shared_with)
    if old is not None:
        content = content.altered({"active_in": content_of(old).active_in})
    if record.type == "task":
        content = content.told(event, "made", "changed", slot=said or given.slot)
    else:
        before = None if old is None else holder(old)
        content = content.told(event, "made").valued(event, said or None, 1, before)
    made = record_of(record.id, record.type, content, event)
    return record.revised(payload=made.payload, text=made.text, indexed=made.indexed)


def _awake(changes: ChangeSet, view: ApplyView) -> ChangeSet:
    """What comes back is worked on by those sessions alone that have not turned to another node since."""
    gone = {record.id for record in changes.records if not stands(record)}

    def still(session: str, id: str) -> bool:
        held = focus.held_by(view, session)
        now = None if held is None else heir(view, held)
        return now is None or now.id == id or now.id in gone

    def awake(record: Record) -> Record:
        content = content_of(record)
        sessions = tuple(one for one in content.active_in if still(one, record.id))
        if sessions == content.active_in:
            return record
        told = content.altered({"active_in": sessions})
        return record.revised(payload=told.model_dump(mode="json", exclude_defaults=True))

    return changes.altered({"records": tuple(awake(one) if stands(one) else one for one in changes.records)})
