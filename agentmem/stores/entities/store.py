"""Entity memory as a store: names are found in what was observed, and gathered into entities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from agentmem.bank.view import ApplyView, View
from agentmem.errors import InvalidInput
from agentmem.filters import And, Comparison, Not, parsed
from agentmem.records import SUPERSEDES, ChangeSet, Event, Explanation, Hit, Query, Receipt, Trust
from agentmem.retrieval import pipeline
from agentmem.stores.base import MemoryStore
from agentmem.stores.entities.changes import (
    MENTION,
    kinds_of,
    mentioned,
    merged,
    named_too,
    names_of,
    split,
)
from agentmem.stores.entities.finding import names_in
from agentmem.stores.entities.names import Kind, normal
from agentmem.stores.entities.operations import Alias, Mention, Merge, Split, event_of, operation_of
from agentmem.stores.entities.roster import Entity, Group, Roster, event_ids
from agentmem.stores.offload import offloaded


class EntityMemory(MemoryStore):
    """Who and what observations name: people, places, organisations, things, without a language model.

    A record is a name (type `entity`) or a mention of one in an event (`mention`). The same name is the same
    entity; beyond first names, entities are one only where somebody says so (`merge`, `alias`).
    """

    name: ClassVar[str] = "entities"
    separate: ClassVar[bool] = True

    # Writing

    def awaits(self, event: Event) -> bool:
        """Whether an event is an observation that somebody said, or in which something is said."""
        return not event.store and bool(event.actor.strip() or event.text.strip())

    def interpret(self, events: Sequence[Event], view: View) -> list[Event]:
        """The names in events, as one operation for each event that has some."""
        waiting = [event for event in events if self.awaits(event)]

        def known(keys: Iterable[str]) -> Mapping[str, tuple[Kind, bool]]:
            return kinds_of(names_of(sorted(keys), view))

        return [
            event_of(
                Mention(names=tuple(names)),
                caused_by=(event.id,),
                time=event.time,
                actor=event.actor,
                session=event.session,
                trust=event.trust,
            )
            for event, names in zip(waiting, names_in(waiting, known), strict=True)
            if names
        ]

    def apply(self, event: Event, view: ApplyView) -> ChangeSet:
        """Mentions gather; who is who is told by operations."""
        match operation_of(event) if event.store else None:
            case Mention() as operation:
                return mentioned(operation, event, view)
            case Merge() as operation:
                return merged(operation, event, view)
            case Split() as operation:
                return split(operation, event, view)
            case Alias() as operation:
                return named_too(operation, event, view)
        return ChangeSet()

    def merge(self, into: str, other: str, why: str = "", *, trust: Trust = Trust.USER) -> Receipt:
        """Say that two entities are one. `undo` of the other's id, or `split`, takes it back.

        Args:
            into: A name or id of the one that stays.
            other: A name or id of the one that becomes a part of it.
            why: The reason.
            trust: Less trust than the other's records never retires it.

        Raises:
            NotFound: there is no such entity.
            InvalidInput: both are one already.
            Refused: the other is trusted more than `trust`.
        """
        roster = self.roster()
        stays, leaves = roster.find(into), roster.find(other)
        if stays.head.id == leaves.head.id:
            raise InvalidInput(f"{into!r} and {other!r} are one already", "name two entities")
        merge = Merge(
            into=stays.head.id,
            other=leaves.head.id,
            names=(stays.called, leaves.called),
            why=why,
        )
        return self._say(merge, trust)

    amerge = offloaded(merge)

    def split(
        self, entity: str, names: Sequence[str], why: str = "", *, trust: Trust = Trust.USER
    ) -> Receipt:
        """Say that names of an entity are another one's; they are one entity from now on.

        Raises:
            NotFound: there is no such entity.
            InvalidInput: no name is given, one is no name of it, or is what the entity is called.
            Refused: a name is trusted more than `trust`.
        """
        group = self.roster().find(entity)
        if not names:
            raise InvalidInput("no name is told that leaves the entity", "name one or more")
        for name in names:
            if normal(name) not in group.keys:
                told = ", ".join(group.keys)
                raise InvalidInput(f"{name!r} is no name of {group.head.text!r}", f"its names are: {told}")
            if normal(name) == group.head.key:
                raise InvalidInput(
                    f"{name!r} is what the entity is called", "split the other names from it instead"
                )
        leaving = Split(entity=group.head.id, name=group.called, names=tuple(names), why=why)
        return self._say(leaving, trust)

    asplit = offloaded(split)

    def alias(self, entity: str, name: str, why: str = "", *, trust: Trust = Trust.USER) -> Receipt:
        """Give an entity a further name, said by anybody yet or not.

        Raises:
            NotFound: there is no such entity.
            InvalidInput: the name says nothing, or is that of another entity.
        """
        roster = self.roster()
        group = roster.find(entity)
        key = normal(name)
        if not key:
            raise InvalidInput(f"the name {name!r} has no letter", "give a name")
        for other in roster.groups:
            if key in other.keys and other.head.id != group.head.id:
                raise InvalidInput(
                    f"{name!r} is a name of {other.head.text!r} ({other.head.id})",
                    "where they are one, merge them: agentmem entities merge",
                )
        told = Alias(entity=group.head.id, name=group.called, alias=name, why=why)
        return self._say(told, trust)

    aalias = offloaded(alias)

    def _say(self, operation: Merge | Split | Alias, trust: Trust) -> Receipt:
        return self._operate(event_of(operation, store=self.shelf, trust=trust))

    # Reading

    def roster(self, known_at: datetime | None = None) -> Roster:
        """All entities, as it was believed at a moment; none: now."""
        return Roster(self.bank.view(self.namespace, store=self.shelf, known_at=known_at))

    def entities(self) -> list[Entity]:
        """All entities, those that are mentioned most first."""
        return self.roster().entities()

    aentities = offloaded(entities)

    def entity(self, called: str) -> Entity:
        """The entity of a name, an alias, an id, or the first characters of an id.

        Raises:
            NotFound: there is none; names that are near are told.
            InvalidInput: there are several.
        """
        roster = self.roster()
        return roster.entity(roster.find(called))

    aentity = offloaded(entity)

    def events_of(self, called: str, *, known_at: datetime | None = None) -> list[str]:
        """The ids of the events that mention an entity or were said by it, the oldest first, and of the
        corrections of what they said.

        Args:
            called: A name, an alias, an id, or the first characters of an id.
            known_at: Who was who, and what was said, as it was believed at this moment; none: now.

        Raises:
            NotFound: there is no such entity.
        """
        roster = self.roster(known_at)
        return self.resting_on(roster, roster.find(called))

    def resting_on(self, roster: Roster, group: Group) -> list[str]:
        """The events that tell of an entity."""
        ids = event_ids(roster.mentions(group))
        view = roster.view
        later = view.reach(ids, SUPERSEDES, "in")
        corrections = [id for id in later if id not in set(ids)]
        told = [source for record in view.get(corrections) for source in record.sources]
        return list(dict.fromkeys([*ids, *told]))

    def told_of(self, roster: Roster, group: Group) -> list[str]:
        """The ids of the operations that say who an entity is: merges, splits, aliases, corrections."""
        keys = set(group.keys)
        told = roster.view.operations([one.id for one in group.members])
        by_name = [one for one in roster.view.operations() if keys & told_names(one)]
        return list(dict.fromkeys(one.id for one in [*told, *by_name]))

    def retrieve(self, query: Query, view: View) -> list[Hit]:
        """The best names, by the hybrid pipeline; mentions are told with what they are of."""
        return pipeline.retrieve(_but_mentions(query), view, aliases=self.aliases())

    def account(self, query: Query, view: View, id: str) -> Explanation | None:
        """Why a name is not among the hits."""
        found = view.get([id])
        if found and found[0].type == MENTION:
            reason = "it is a mention, which is told with the entity that it is of"
            return Explanation(id=id, recalled=False, step="mentions", reason=reason)
        return pipeline.explain(_but_mentions(query), view, id, aliases=self.aliases())


def told_names(event: Event) -> set[str]:
    """The normal names that a merge, a split or an alias tells."""
    match operation_of(event):
        case Merge() as told:
            return set(map(normal, told.names))
        case Split() as told:
            return {normal(told.name), *map(normal, told.names)}
        case Alias() as told:
            return {normal(told.name), normal(told.alias)}
    return set()


def _but_mentions(query: Query) -> Query:
    aside = Not(part=Comparison(field="type", operator="=", value=MENTION))
    given = (parsed(query.filter),) if query.filter is not None else ()
    return query.model_copy(update={"filter": And(parts=(*given, aside))})
