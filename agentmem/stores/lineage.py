"""Where records come from: the history of one, and why one is recalled or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agentmem.bank.reviewing import suspect
from agentmem.bank.view import View
from agentmem.errors import NotFound
from agentmem.records import ALTERNATIVE, SUPERSEDES, Explanation, Hit, Namespace, Query, Record, Version
from agentmem.retrieval import pipeline
from agentmem.stores.undoing import stands

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank
    from agentmem.stores.base import MemoryStore


def history(view: View, id: str) -> list[Version]:
    """See `MemoryStore.history`."""
    related = {*view.reach([id], SUPERSEDES, "out"), *view.reach([id], SUPERSEDES, "in")}
    versions = view.versions(related)
    if id not in {version.id for version in versions}:
        raise NotFound(f"there is no record {id!r}", "take an id from `recall` or `select`")
    made = view.events_at([version.from_seq for version in versions])
    return [
        Version(
            record=version,
            event_id=made[version.from_seq].id,
            operation=made[version.from_seq].type if made[version.from_seq].store else "observed",
            recorded_at=made[version.from_seq].recorded_at,
            why=version.why,
        )
        for version in versions
        if version.from_seq in made
    ]


def successors(view: View, id: str) -> tuple[list[str], list[str]]:
    """The ids of the records that took the place of one, and of those that stand beside it."""
    links = [link for link in view.links([id]) if link.target == id]
    return (
        [link.source for link in links if link.type == SUPERSEDES],
        [link.source for link in links if link.type == ALTERNATIVE],
    )


def returned(view: View, id: str, seq: int) -> tuple[list[str], list[str]]:
    """The ids of the records out of whose place the operation `seq` took one, and of those beside it."""
    links = [link for link in view.links([id]) if link.from_seq == seq]
    return (
        [link.target for link in links if link.source == id and link.type == SUPERSEDES],
        [link.source for link in links if link.target == id and link.type == ALTERNATIVE],
    )


def standing_again(view: View, changes: Sequence[Record]) -> list[str]:
    """The ids of those records that left recall by `changes` and stand now."""
    return [record.id for record in view.get(record.id for record in changes) if stands(record)]


def explain(
    query: Query,
    view: View,
    id: str,
    hits: Sequence[Hit] | None,
    store: MemoryStore,
) -> Explanation:
    """See `MemoryStore.explain`; `hits` where the store has a way of its own to retrieve."""
    if hits is None:
        return pipeline.explain(query, view, id, aliases=store.aliases())
    for rank, hit in enumerate(hits, 1):
        if hit.id == id:
            return Explanation(id=id, recalled=True, rank=rank, score=hit.score, parts=hit.parts)
    if (told := store.account(query, view, id)) is not None:
        return told
    shelves = {part.shelf for part in store.folding()}
    held_by = next((record.store for record in view.get([id]) if record.store in shelves), view.store)
    dropped = pipeline.dropped_by_filter(query, view.of_store(held_by), id)
    return dropped or Explanation(
        id=id, recalled=False, step="retrieve", reason=f"the store {view.store!r} did not choose it"
    )


def quarantined(bank: Bank, places: Sequence[Namespace], scope: str, id: str) -> Explanation | None:
    """That an event is in quarantine, and why; none: it is not."""
    for place in places:
        if (found := suspect(bank, place, id, scope=scope)) is not None:
            told = f": it {', '.join(found.signs)}" if found.signs else ", for what caused it"
            reason = f"it is quarantined{told}; see `agentmem review list`"
            return Explanation(id=id, recalled=False, step="quarantine", reason=reason)
    return None
