"""Undoing: a record that left recall stands again, and what took its place in that very operation leaves.

Nothing here changes the past: an undoing is an operation like others, with new versions, and can be undone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from agentmem.bank.view import ApplyView, View
from agentmem.errors import NotApplicable, Refused
from agentmem.records import ALTERNATIVE, SUPERSEDES, ChangeSet, Event, Link, Record, State
from agentmem.stores.operations import about, own

UNDONE = "undone"
"""Why a record left recall that an undone operation had made."""


@dataclass(frozen=True)
class Undoing:
    """What an undoing comes to.

    Attributes:
        restored: The record as it was before it left recall.
        causes: The versions by which it left.
        retired: What the operation made to take its place.
        returned: What was there before and took its place, as it was before the operation.
        followers: Ids of all that took its place since, or stand under its key; none where it has an end.
    """

    restored: Record
    causes: Sequence[Record]
    retired: Sequence[Record] = ()
    returned: Sequence[Record] = ()
    followers: Sequence[str] = ()


def undo(event: Event, view: ApplyView) -> ChangeSet:
    """A record that left recall (superseded, replaced, ended, retracted, faded) stands again as it was.

    What the operation made to take its place is retracted, unless it was said again since. What stands
    all the same is an alternative.

    Raises:
        NotApplicable: the record stands, or is not there.
        Refused: what retired it is trusted more than the event.
        InvalidInput: the event is about nothing, or about a record of another store.
    """
    id, *made = about(event)
    found = {record.id: record for record in own([id, *made], view) if record.state is not State.FORGOTTEN}
    if id not in found:
        return _without(id, list(found.values()))
    undoing = undoing_of(found[id], view)
    for cause in view.events_at([version.from_seq for version in undoing.causes]).values():
        if event.trust.rank < cause.trust.rank:
            raise Refused(
                f"record {id!r} was retired by somebody trusted as {cause.trust.value!r}, "
                f"not {event.trust.value!r}",
                "let somebody trusted as much undo it",
            )
    changed = (
        undoing.restored.revised(why=str(event.data.get("why") or "")),
        *(record.revised(state=State.RETRACTED, why=UNDONE) for record in undoing.retired),
        *undoing.returned,
    )
    seq = undoing.causes[0].from_seq
    over = [
        link
        for link in view.links([id], SUPERSEDES)
        if link.target == id and (stands(undoing.restored) or link.from_seq == seq)
    ]
    return ChangeSet(
        records=changed,
        unlinks=tuple(over),
        links=_links(id, over, undoing.followers, {record.id: record for record in changed}, view),
    )


def undoing_of(old: Record, view: View) -> Undoing:
    """What undoing the retirement of `old` changes, in this view.

    Raises:
        NotApplicable: nothing retired it.
    """
    versions = _versions(old.id, view)
    if stands(old):
        return _value_before(old.id, versions, view)
    is_back: Callable[[Record], bool] = stands if is_live(old) else is_live
    stood = max((place for place, version in enumerate(versions) if is_back(version)), default=-1)
    ended = versions[stood + 1]
    takers = [
        link.source
        for link in view.links([old.id], SUPERSEDES)
        if link.target == old.id and link.from_seq == ended.from_seq
    ]
    if stood < 0 and not takers:
        raise NotApplicable(f"record {old.id!r} came as it is: nothing retired it", "correct it")
    mark = "valid_to" if is_live(old) else "state"
    later = [after for before, after in pairwise(versions[stood + 1 :]) if _differ(before, after, mark)]
    retired, returned = _taken_back([_versions(id, view) for id in takers], ended.from_seq)
    restored = versions[stood] if stood >= 0 else ended.revised(state=State.LIVE, valid_to=None)
    followers: list[str] = []
    if stands(restored):
        followers += view.reach([old.id], SUPERSEDES, "in")
        followers += [record.id for record in view.standing(old.key)] if old.key else []
    return Undoing(
        restored=restored,
        causes=(ended, *later),
        retired=retired,
        returned=returned,
        followers=[id for id in dict.fromkeys(followers) if id != old.id],
    )


def is_live(record: Record) -> bool:
    """Whether a record is live, be it for a time only."""
    return record.state is State.LIVE


def stands(record: Record) -> bool:
    """Whether a record is live and has no end."""
    return is_live(record) and record.valid_to is None


def _versions(id: str, view: View) -> list[Record]:
    found = [version for version in view.versions([id]) if version.store == view.store]
    return sorted(found, key=lambda version: version.version)


def _differ(before: Record, after: Record, *marks: str) -> bool:
    return any(getattr(before, mark) != getattr(after, mark) for mark in marks)


def _taken_back(pasts: Sequence[Sequence[Record]], seq: int) -> tuple[list[Record], list[Record]]:
    """Of the records with these versions: those that the operation `seq` made, and those that it changed.

    What was said again since stays as it is, and so does what the operation did not touch.
    """
    made: list[Record] = []
    changed: list[Record] = []
    for past in pasts:
        place = next((place for place, version in enumerate(past) if version.from_seq == seq), None)
        now = past[-1]
        if place is None or _differ(past[place], now, "sources"):
            continue
        if place == 0:
            made += [now] if is_live(now) else []
        elif not _differ(past[place], now, "state", "valid_from", "valid_to"):
            before = past[place - 1]
            was = {name: getattr(before, name) for name in ("state", "valid_from", "valid_to", "why")}
            changed.append(now.revised(**was))
    return made, changed


def _value_before(id: str, versions: Sequence[Record], view: View) -> Undoing:
    """A record that stands was retired in one way only: its value was replaced under its key.

    Raises:
        NotApplicable: it was not, or that was undone already.
    """
    place = len(versions) - 1
    while place > 0 and not _differ(versions[place - 1], versions[place], "text", "payload"):
        place -= 1
    seq = versions[place].from_seq
    made = view.events_at([seq]).get(seq)
    if place == 0 or made is None or made.type != "put":
        raise NotApplicable(f"record {id!r} stands: there is nothing to undo", "see its history")
    return Undoing(restored=versions[place - 1], causes=versions[place:])


def _links(
    id: str, over: Sequence[Link], followers: Sequence[str], changed: dict[str, Record], view: View
) -> tuple[Link, ...]:
    """What stands beside the record is its alternative; what stood over it and is out, it supersedes."""
    now = {record.id: record for record in view.get(followers)} | changed
    beside = [other for other in followers if other in now and stands(now[other])]
    return (
        *(Link(source=other, type=ALTERNATIVE, target=id) for other in beside),
        *(Link(source=id, type=SUPERSEDES, target=one.source) for one in over if one.source not in beside),
    )


def _without(id: str, made: Sequence[Record]) -> ChangeSet:
    """The record is forgotten; what was made to take its place is retracted all the same.

    Raises:
        NotApplicable: nothing of the kind is left.
    """
    left = [record for record in made if is_live(record)]
    if not left:
        raise NotApplicable(f"record {id!r} is not there", "see `get`")
    return ChangeSet(records=tuple(record.revised(state=State.RETRACTED, why=UNDONE) for record in left))
