"""A question about an entity, as a question with a filter: what rests on the events that mention it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, cast

from agentmem.bank.observing import attached_specs
from agentmem.db.names import encode
from agentmem.errors import InvalidInput, NotFound
from agentmem.filters import And, Comparison, Filter, Or, parsed
from agentmem.records import Namespace, Query
from agentmem.stores.entities.roster import Group, Roster, UnknownEntity
from agentmem.stores.entities.store import EntityMemory

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank


def of_entity(query: Query, bank: Bank, places: Sequence[Namespace]) -> Query:
    """`query` with a filter in the place of the entity that it names.

    Args:
        query: A query that names one.
        bank: The bank.
        places: The namespaces that are read, with those under them where the query's scope is the prefix.

    Raises:
        NotFound: no entities are gathered there, or none has the name; names that are near are told.
        InvalidInput: several may be meant, or it is empty.
    """
    memories = gathered(bank, reached(bank, places, query.scope))
    found = {
        memory.namespace: memory.resting_on(roster, group)
        for memory, roster, group in known_in(memories, query.entity or "", query.known_at)
    }
    parts: list[Filter] = [
        And(
            parts=(
                Comparison(field="namespace", operator="=", value=encode(place)),
                Comparison(field="source", operator="in", value=tuple(ids)),
            )
        )
        for place, ids in found.items()
    ]
    told = parts[0] if len(parts) == 1 else Or(parts=tuple(parts))
    given = (parsed(query.filter),) if query.filter is not None else ()
    return query.model_copy(update={"filter": And(parts=(*given, told)), "entity": None})


def reached(bank: Bank, places: Sequence[Namespace], scope: str) -> list[Namespace]:
    """The namespaces that a scope reaches from `places`."""
    if scope != "prefix":
        return list(places)
    return list(dict.fromkeys(one for place in places for one in bank.namespaces(place)))


def gathered(bank: Bank, places: Sequence[Namespace]) -> list[EntityMemory]:
    """The entities of those namespaces in which they are gathered.

    Raises:
        NotFound: they are in none of them.
    """
    found = [
        cast(EntityMemory, bank.store(EntityMemory, place))
        for place in places
        if EntityMemory.name in attached_specs(bank, place)
    ]
    if not found:
        told = ", ".join(map(encode, places)) or "these namespaces"
        raise NotFound(
            f"no entities are gathered in {told}",
            'attach the store: bank.store("entities", namespace), or `agentmem entities list`',
        )
    return found


def known_in(
    memories: Iterable[EntityMemory], called: str, known_at: datetime | None = None
) -> Iterator[tuple[EntityMemory, Roster, Group]]:
    """Where an entity is known, as believed at `known_at`: the memory, who is who in it, and the entity.

    Raises:
        NotFound: it is in none of the memories; names that are near in any are told.
        InvalidInput: several may be meant, or the name is empty.
    """
    if not called.strip():
        raise InvalidInput("the name of the entity is empty", "give a name, an alias or an id")
    near: list[str] = []
    is_known = False
    for memory in memories:
        roster = memory.roster(known_at)
        try:
            group = roster.find(called)
        except UnknownEntity as error:
            near += error.near
            continue
        is_known = True
        yield memory, roster, group
    if not is_known:
        raise UnknownEntity(called, near)
