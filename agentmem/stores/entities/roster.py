"""Who is who: entities as of a view, made of the names that are known, and a name looked up among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import cast

from agentmem.bank.view import View
from agentmem.errors import InvalidInput, NotFound
from agentmem.filters import Comparison
from agentmem.records import SUPERSEDES, Record, State, Text, Value
from agentmem.stores.entities.changes import ENTITY, MARK, MENTION, over_each
from agentmem.stores.entities.names import Kind, normal

NEAR = 5
"""How many names are told where one is not known."""
LEAST = 4
"""Characters of an id that are enough."""


class UnknownEntity(NotFound):
    """A name that no entity has.

    Args:
        called: The name.
        near: Names that are like it, of entities that there are.
    """

    def __init__(self, called: str, near: Iterable[str]) -> None:
        self.near = tuple(dict.fromkeys(near))[:NEAR]
        told = f"there are: {', '.join(self.near)}" if self.near else "see `agentmem entities list`"
        super().__init__(f"no entity is called {called!r}", told)


class Seen(Value):
    """A name of an entity, and how often it was said; 0: it was only given."""

    name: Text
    times: int


class Entity(Value):
    """A person, a place, an organisation or a thing.

    Attributes:
        id: The id of the record of the name that it is called by.
        version: Of that record.
        name: What it is called.
        kind: What it is, as its name was first read; a speaker is a person.
        names: The names it was seen by, the most frequent first, then those that were given.
        mentions: In how many events.
        said: How many of these it said itself.
        first: When it was first mentioned; none: never.
        last: When it was mentioned last.
    """

    id: Text
    version: int
    name: Text
    kind: Kind
    names: tuple[Seen, ...]
    mentions: int
    said: int
    first: datetime | None = None
    last: datetime | None = None


@dataclass
class Group:
    """One entity: the record it is called by, and all records of names of it, with their keys."""

    head: Record
    members: list[Record] = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        """The keys of its names."""
        return sorted({one.key for one in self.members if one.key})

    @property
    def called(self) -> str:
        """A name of it whose normal form is its key: what it is called, unless that was corrected."""
        key = self.head.key or ""
        return self.head.text if normal(self.head.text) == key else key


class Roster:
    """All entities of a view.

    A first name that stands by itself is one of the one person whose full name begins with it; where there
    are several, or it was split off, it stays its own. Said anew at each reading, it never depends on who was
    named first.
    """

    def __init__(self, view: View) -> None:
        self.view = view
        wanted = Comparison(field="type", operator="=", value=ENTITY)
        records = [one for one in view.select(wanted) if one.key and one.state is not State.FORGOTTEN]
        self._records = {one.id: one for one in records}
        over = over_each(records, view.links(self._records, SUPERSEDES))
        groups: dict[str, Group] = {}
        for one in records:
            head = self._head(one, over)
            groups.setdefault(head.id, Group(head)).members.append(one)
        self._groups = {id: group for id, group in groups.items() if group.head.state is State.LIVE}
        self._join_renamed()
        self._join_first_names()

    def _head(self, one: Record, over: Mapping[str, str]) -> Record:
        seen = {one.id}
        while over.get(one.id) in self._records and over[one.id] not in seen:
            one = self._records[over[one.id]]
            seen.add(one.id)
        return one

    def _join_renamed(self) -> None:
        """What is called by a name of another one since it was corrected is that one."""
        holders = {key: id for id, group in sorted(self._groups.items()) for key in group.keys}
        for id, group in sorted(self._groups.items()):
            other = holders.get(normal(group.head.text), id)
            if other != id and {id, other} <= set(self._groups):
                group.members += self._groups.pop(other).members

    def _join_first_names(self) -> None:
        full: dict[str, set[str]] = {}
        for id, group in self._groups.items():
            for one in group.members:
                first, _, rest = (one.key or "").partition(" ")
                if rest and one.payload.get("kind") == "person":
                    full.setdefault(first, set()).add(id)
        for id, group in list(self._groups.items()):
            head = group.head
            if " " in (head.key or "") or head.payload.get("kind") != "person" or head.payload.get("apart"):
                continue
            whole = full.get(head.key or "", set()) - {id}
            if len(whole) == 1 and id not in full.get(head.key or "", set()):
                (joined,) = whole
                self._groups[joined].members += group.members
                del self._groups[id]

    @property
    def groups(self) -> list[Group]:
        """All of them, by name."""
        return sorted(self._groups.values(), key=lambda group: (normal(group.head.text), group.head.id))

    def find(self, called: str) -> Group:
        """The entity of a name, an alias, an id, or the first characters of an id (four or more).

        Raises:
            UnknownEntity: there is none; names that are near are told.
            InvalidInput: there are several.
        """
        key = normal(called)
        named = [group for group in self.groups if key and key in group.keys]
        named = named or [group for group in self.groups if key and key == normal(group.head.text)]
        named = named or self._of_id(called)
        named = named or [
            group
            for group in self.groups
            if any(
                (one.key or "").startswith(f"{key} ") and one.payload.get("kind") == "person"
                for one in group.members
            )
        ]
        if len(named) == 1:
            return named[0]
        if named:
            told = ", ".join(f"{group.head.text} ({group.head.id})" for group in named[:NEAR])
            raise InvalidInput(f"{called!r} may be several: {told}", "name one in full, or by its id")
        raise UnknownEntity(called, self._near(key))

    def _of_id(self, called: str) -> list[Group]:
        if called in self._records:
            return [group for group in self.groups if any(one.id == called for one in group.members)]
        if len(called) < LEAST:
            return []
        return [group for group in self.groups if group.head.id.startswith(called)]

    def _near(self, key: str) -> list[str]:
        by_key = {own: group.head.text for group in self.groups for own in group.keys}
        close = get_close_matches(key, by_key, NEAR, 0.6)
        within = [own for own in by_key if key and (key in own or own in key)]
        return [by_key[own] for own in [*close, *within]]

    def entities(self) -> list[Entity]:
        """All entities, those that are mentioned most first."""
        wanted = Comparison(field="type", operator="=", value=MENTION)
        by_key: dict[str, list[Record]] = {}
        for one in self.view.select(wanted):
            if one.state is State.LIVE:
                by_key.setdefault((one.key or "").removeprefix(MARK), []).append(one)
        made = [
            entity_of(group, [one for key in group.keys for one in by_key.get(key, ())])
            for group in self.groups
        ]
        return sorted(made, key=lambda one: (-one.mentions, normal(one.name), one.id))

    def entity(self, group: Group) -> Entity:
        """One of them."""
        return entity_of(group, self.mentions(group))

    def mentions(self, group: Group) -> list[Record]:
        """The mentions of an entity, the oldest first."""
        found = self.view.standing_each([MARK + key for key in group.keys])
        return sorted(
            (one for some in found.values() for one in some if one.type == MENTION),
            key=lambda one: (one.time is not None, one.time, one.from_seq, one.id),
        )


def entity_of(group: Group, mentions: Sequence[Record]) -> Entity:
    """What is told of an entity."""
    counts: dict[str, int] = {}
    for one in mentions:
        counts[one.text] = counts.get(one.text, 0) + 1
    seen = {normal(name) for name in counts}
    given = {one.text: 0 for one in group.members if normal(one.text) not in seen}
    times = [one.time for one in mentions if one.time is not None]
    events = event_ids(mentions)
    speaks = {one.sources[0] for one in mentions if one.payload.get("speaks")}
    ordered = sorted({**given, **counts}.items(), key=lambda item: (-item[1], item[0]))
    return Entity(
        id=group.head.id,
        version=group.head.version,
        name=group.head.text,
        kind=cast(Kind, group.head.payload.get("kind", "thing")),
        names=tuple(Seen(name=name, times=n) for name, n in ordered),
        mentions=len(events),
        said=len(speaks),
        first=min(times, default=None),
        last=max(times, default=None),
    )


def event_ids(mentions: Iterable[Record]) -> list[str]:
    """The events that mentions were found in, each once."""
    return list(dict.fromkeys(one.sources[0] for one in mentions))
