"""What the shared operations mean for concepts: corrected, put in another's place, merged no more."""

from __future__ import annotations

from collections.abc import Mapping

from agentmem.bank.view import ApplyView
from agentmem.records import SUPERSEDES, ChangeSet, Event, Link, Record, State
from agentmem.stores.concept.changes import SIMILAR_TO, USED_IN, shown
from agentmem.stores.concept.content import Content, content_of, is_concept, revise, said
from agentmem.stores.concept.lookup import NAME, meant, names_of


def succeed(event: Event, changes: ChangeSet, view: ApplyView) -> ChangeSet:
    """What follows where a shared operation puts one concept in the place of another, or takes that back.

    The one that takes the place takes over where the other is used. Of a correction, what it says is the
    description. A merge that is undone leaves both as they were, unless more was said since.
    """
    if event.type == "undo":
        return _separated(changes, view)
    over: Mapping[str, str] = {link.source: link.target for link in changes.links if link.type == SUPERSEDES}
    records: list[Record] = []
    links = list(changes.links)
    for one in changes.records:
        old = over.get(one.id)
        if old is None or not is_concept(one):
            records.append(one)
            continue
        records.append(_described(one, event) if event.type == "correct" and event.text else one)
        links += [
            Link(source=one.id, type=link.type, target=link.target)
            for link in view.links([old], direction="out")
            if link.type in (USED_IN, SIMILAR_TO)
        ]
    return ChangeSet(records=tuple(records), links=tuple(links), unlinks=changes.unlinks)


def _described(record: Record, event: Event) -> Record:
    """The concept with what the event says for its description."""
    held = content_of(record)
    new = Content(form=held.form, descriptions=said([event.text], event.happened))
    return shown(record, revise(held, new, ["descriptions"], event.happened))


def _separated(changes: ChangeSet, view: ApplyView) -> ChangeSet:
    """Concepts that were merged are two again: the one that stayed says what it said before."""
    restored = {one.id: one for one in changes.records if is_concept(one) and one.state is State.LIVE}
    merges = [link for link in changes.unlinks if link.type == SUPERSEDES and link.target in restored]
    records, unlinks = list(changes.records), list(changes.unlinks)
    for merge in merges:
        versions = [one for one in view.versions([merge.source]) if one.store == view.store]
        now = versions[-1] if versions else None
        if len(versions) < 2 or now is None or now.from_seq != merge.from_seq or not is_concept(now):  # noqa: PLR2004
            continue
        before = versions[-2]
        records = [one for one in records if one.id != now.id]
        records.append(shown(now.revised(key=before.key, sources=before.sources), content_of(before)))
        unlinks += [link for link in view.links([now.id], USED_IN, "out") if link.from_seq == merge.from_seq]
        names = view.standing_each(names_of(content_of(restored[merge.target])))
        records += [
            one.revised(state=State.RETRACTED, why="merged no more")
            for some in names.values()
            for one in some
            if one.type == NAME and meant(one) == now.id
        ]
    return ChangeSet(records=tuple(records), links=changes.links, unlinks=tuple(unlinks))
