"""What operations on entities change: records of names, mentions of them, and whose name each is.

A record stands for each name, under its normal form as the key. Where a name is another one's further name,
its record is superseded by that of the other: `undo` lets it stand by itself again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from agentmem.bank.view import ApplyView, View
from agentmem.errors import NotApplicable, Refused
from agentmem.filters import And, Comparison
from agentmem.records import SUPERSEDES, ChangeSet, Event, Link, Record, State
from agentmem.stores.entities.names import Kind, normal, plain
from agentmem.stores.entities.operations import Alias, Mention, Merge, Named, Split

ENTITY, MENTION = "entity", "mention"
"""Types of records."""
NAMED_IN = "named_in"
"""The type of a link from a name to the event that told it first. Without that event it is made anew."""
MARK = "@"
"""Before a name in the keys of its mentions."""


def mentioned(operation: Mention, event: Event, view: ApplyView) -> ChangeSet:
    """A mention for each name that an event says, and a record for each name that is new."""
    known = names_of([normal(one.name) for one in operation.names], view)
    records: list[Record] = []
    links: list[Link] = []
    for one in operation.names:
        key = normal(one.name)
        records.append(_mention(one, key, event, view))
        standing = known.get(key)
        if standing is None:
            made = _name(one.name, event, view, kind=one.kind, speaks=one.speaks)
            records.append(made)
            links.append(_named_in(made, event))
            known[key] = made
        elif one.speaks and _learns(standing, event):
            payload = {**standing.payload, "kind": one.kind, "speaks": True}
            records.append(standing.revised(payload=payload, sources=(*standing.sources, event.id)))
    return ChangeSet(records=tuple(records), links=tuple(links))


def merged(operation: Merge, event: Event, view: ApplyView) -> ChangeSet:
    """The second entity becomes a part of the first.

    Raises:
        NotApplicable: they are one already, or the first is retracted.
        Refused: the second is trusted more than the event.
    """
    changing = _Changing(event, view, operation.names)
    into, other = (changing.head(name) for name in operation.names)
    changing.join(into, other, operation.why)
    return changing.set()


def split(operation: Split, event: Event, view: ApplyView) -> ChangeSet:
    """Names leave an entity, and are one of their own.

    Raises:
        NotApplicable: one is no name of it any more.
        Refused: a name is trusted more than the event.
    """
    changing = _Changing(event, view, (operation.name, *operation.names))
    whole = changing.head(operation.name)
    first, *others = [changing.apart(name, whole, operation.why) for name in operation.names]
    for other in others:
        changing.join(first, other, operation.why)
    return changing.set()


def named_too(operation: Alias, event: Event, view: ApplyView) -> ChangeSet:
    """An entity has a further name.

    Raises:
        NotApplicable: it has it already, or is retracted.
        Refused: the name is trusted more than the event.
    """
    changing = _Changing(event, view, (operation.name, operation.alias))
    into = changing.head(operation.name)
    alias = changing.head(operation.alias, kind=into.payload.get("kind", "thing"))
    changing.join(into, alias.revised(payload={**alias.payload, "given": True}), operation.why)
    return changing.set()


class _Changing:
    """What one operation changes of names; a name that nobody says any more is made of the operation."""

    def __init__(self, event: Event, view: ApplyView, names: Iterable[str]) -> None:
        self._event, self._view = event, view
        self._known = names_of([normal(name) for name in names], view)
        self._changed: dict[str, Record] = {}
        self._links: list[Link] = []
        self._unlinks: list[Link] = []

    def set(self) -> ChangeSet:
        """All of it."""
        return ChangeSet(
            records=tuple(self._changed.values()), links=tuple(self._links), unlinks=tuple(self._unlinks)
        )

    def head(self, name: str, **payload: Any) -> Record:
        """The record of the entity that `name` is one of."""
        here = self._own(name, **payload)
        seen = {here.id}
        while (
            here.state is State.SUPERSEDED and (over := self._over(here)) is not None and over.id not in seen
        ):
            here = over
            seen.add(here.id)
        return here

    def join(self, into: Record, other: Record, why: str) -> None:
        """Let `other` be a part of `into`."""
        if into.id == other.id:
            raise NotApplicable(
                f"{other.text!r} is a name of {into.text!r} already", "see `agentmem entities list`"
            )
        if into.state is not State.LIVE:
            raise NotApplicable(
                f"{into.text!r} is {into.state.value}", "name an entity that stands, or undo it"
            )
        if into.key == other.key:
            raise NotApplicable(f"{into.text!r} is one name", "name another one")
        self._permit(other)
        self._changed[other.id] = other.revised(state=State.SUPERSEDED, why=why)
        self._links.append(Link(source=into.id, type=SUPERSEDES, target=other.id))

    def apart(self, name: str, whole: Record, why: str) -> Record:
        """Let `name` stand by itself; its record."""
        here = self._own(name)
        if here.id == whole.id:
            raise NotApplicable(f"{name!r} is what the entity is called", "split the other names from it")
        if here.state is State.SUPERSEDED and self.head(name).id != whole.id:
            raise NotApplicable(f"{name!r} is no name of {whole.text!r}", "see `agentmem entities show`")
        self._permit(here)
        over = [link for link in self._view.links([here.id], SUPERSEDES) if link.target == here.id]
        self._unlinks += over
        made = here.revised(state=State.LIVE, why=why, payload={**here.payload, "apart": True})
        self._changed[made.id] = made
        return made

    def _own(self, name: str, **payload: Any) -> Record:
        key = normal(name)
        if key not in self._known:
            made = _name(name, self._event, self._view, **payload)
            self._known[key] = self._changed[made.id] = made
            self._links.append(_named_in(made, self._event))
        found = self._known[key]
        return self._changed.get(found.id, found)

    def _over(self, record: Record) -> Record | None:
        over = over_each([record], self._view.links([record.id], SUPERSEDES))
        return next(iter(self._view.get(over.values())), None)

    def _permit(self, record: Record) -> None:
        if record.id not in self._changed and self._event.trust.rank < record.trust.rank:
            raise Refused(
                f"{record.text!r} is trusted as {record.trust.value!r}, not {self._event.trust.value!r}",
                "let somebody trusted as much say so",
            )


def names_of(keys: Sequence[str], view: View) -> dict[str, Record]:
    """The record of each name that is known: the one that stands, else the one that stood last."""
    found = {
        key: next((one for one in some if one.type == ENTITY), None)
        for key, some in view.standing_each(keys).items()
    }
    missing = [key for key, one in found.items() if one is None]
    if missing:
        past = view.select(
            And(
                parts=(
                    Comparison(field="key", operator="in", value=tuple(missing)),
                    Comparison(field="type", operator="=", value=ENTITY),
                )
            )
        )
        for one in sorted(past, key=lambda one: (one.from_seq, one.id)):
            if one.state is not State.FORGOTTEN and one.key:
                found[one.key] = one
    return {key: one for key, one in found.items() if one is not None}


def over_each(records: Iterable[Record], links: Iterable[Link]) -> dict[str, str]:
    """Of records of names that are superseded: the id of what superseded each, in the change that did so.

    An undoing may leave further links of the type, which tell what once stood in the place of what.
    """
    since = {one.id: one.from_seq for one in records if one.state is State.SUPERSEDED}
    return {
        link.target: link.source
        for link in links
        if link.target in since and link.from_seq == since[link.target]
    }


def _mention(one: Named, key: str, event: Event, view: ApplyView) -> Record:
    return Record(
        id=view.new_id(),
        type=MENTION,
        key=MARK + key,
        text=plain(one.name),
        payload={"kind": one.kind, **({"speaks": True} if one.speaks else {})},
        sources=(event.id,),
        time=event.time,
        actor=event.actor,
        session=event.session,
    )


def _name(name: str, event: Event, view: ApplyView, *, kind: Kind = "thing", speaks: bool = False) -> Record:
    text = plain(name)
    return Record(
        id=view.new_id(),
        type=ENTITY,
        key=normal(name),
        text=text,
        payload={"kind": kind, **({"speaks": True} if speaks else {})},
        sources=(event.id,),
        time=event.time,
        indexed={"text": text},
    )


def _named_in(made: Record, event: Event) -> Link:
    return Link(source=made.id, type=NAMED_IN, target=(event.caused_by or (event.id,))[0])


def _learns(standing: Record, event: Event) -> bool:
    """Whether it is new of a name that it is a speaker's."""
    is_new = not standing.payload.get("speaks") and standing.state is State.LIVE
    return is_new and event.trust.rank >= standing.trust.rank


def kinds_of(known: Mapping[str, Record]) -> dict[str, tuple[Kind, bool]]:
    """For the finding of names in texts: what each is of, and whether it counts where a sentence begins."""
    return {
        key: (_kind(one), bool(one.payload.get("given") or one.payload.get("speaks")))
        for key, one in known.items()
    }


def _kind(one: Record) -> Kind:
    return cast(Kind, one.payload.get("kind", "thing"))
